// Our declarations of what c10d's header names; the library has the definitions.
#pragma once

namespace gloo {
namespace transport {
class Device;
} // namespace transport
} // namespace gloo
