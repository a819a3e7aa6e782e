//! Devices by name: `cpu`, `cuda`, `cuda:N`.

use tch::{Cuda, Device};

/// Why there is no such device.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    #[error("device {name:?} is none of cpu, cuda, cuda:N")]
    Unknown { name: String },
    #[error(
        "device {name:?} is not there: libtorch finds {found} CUDA device(s); `scc doctor` says what is missing"
    )]
    Missing { name: String, found: i64 },
}

/// Reads a name.
///
/// # Errors
/// [`DeviceError::Unknown`] if it names no kind of device.
pub fn parse(name: &str) -> Result<Device, DeviceError> {
    let number = match name.strip_prefix("cuda") {
        Some("") => Ok(0),
        Some(rest) => rest.strip_prefix(':').unwrap_or("none").parse(),
        None if name == "cpu" => return Ok(Device::Cpu),
        None => "none".parse(),
    };
    number.map(Device::Cuda).map_err(|_| DeviceError::Unknown {
        name: name.to_owned(),
    })
}

/// The device of that name, if this machine has it.
///
/// # Errors
/// [`DeviceError`] if the name is none, or libtorch does not find the GPU.
pub fn find(name: &str) -> Result<Device, DeviceError> {
    let device = parse(name)?;
    if let Device::Cuda(number) = device {
        let found = Cuda::device_count();
        if number as i64 >= found {
            let name = name.to_owned();
            return Err(DeviceError::Missing { name, found });
        }
    }
    Ok(device)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_others_refused() {
        assert_eq!(parse("cpu").ok(), Some(Device::Cpu));
        assert_eq!(parse("cuda").ok(), Some(Device::Cuda(0)));
        assert_eq!(parse("cuda:3").ok(), Some(Device::Cuda(3)));
        for name in ["", "gpu", "cuda:", "cuda:x", "cuda3", "cpu:0"] {
            assert!(parse(name).is_err(), "{name}");
        }
        assert!(matches!(
            find("cuda:9999"),
            Err(DeviceError::Missing { .. })
        ));
    }
}
