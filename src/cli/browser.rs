//! Shows a page to whoever asked for it.

use super::error::print_to_stderr;
use std::path::Path;

/// Opens a page with the program that this system opens pages with; a word on stderr where it has none.
pub fn show(page: &Path) {
    let page = std::path::absolute(page).unwrap_or_else(|_| page.to_owned());
    if let Err(error) = open::that_detached(&page) {
        let page = page.display();
        print_to_stderr(&format!(
            "cannot open a browser ({error}): open {page} in one"
        ));
    }
}
