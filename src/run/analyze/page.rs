//! One HTML page that needs nothing beside it: light and dark, wide and narrow, no script.

use crate::run::report::escape;
use std::fmt::Write as _;

const STYLE: &str = include_str!("style.css");

/// A page under construction.
#[derive(Default)]
pub struct Page {
    title: String,
    /// Anchors and names of the sections.
    sections: Vec<(String, String)>,
    body: String,
}

impl Page {
    pub fn new(title: &str) -> Page {
        Page {
            title: title.to_owned(),
            ..Page::default()
        }
    }

    /// A section that the contents name.
    pub fn section(&mut self, name: &str) {
        let anchor = format!("s{}", self.sections.len());
        let _ = writeln!(self.body, "<h2 id=\"{anchor}\">{}</h2>", escape(name));
        self.sections.push((anchor, name.to_owned()));
    }

    pub fn heading(&mut self, text: &str) {
        let _ = writeln!(self.body, "<h3>{}</h3>", escape(text));
    }

    pub fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p>{}</p>", escape(text));
    }

    /// A remark in small print.
    pub fn note(&mut self, text: &str) {
        let _ = writeln!(self.body, "<p class=\"note\">{}</p>", escape(text));
    }

    /// Figures that stand out, each with what it is.
    pub fn figures(&mut self, figures: &[(String, String)]) {
        self.body.push_str("<div class=\"tiles\">");
        for (figure, what) in figures {
            let (figure, what) = (escape(figure), escape(what));
            let _ = write!(self.body, "<div><b>{figure}</b>{what}</div>");
        }
        self.body.push_str("</div>\n");
    }

    /// Pictures beside each other, as far as there is room; those that have nothing to show are left out.
    pub fn charts(&mut self, charts: impl IntoIterator<Item = Option<String>>) {
        self.body.push_str("<div class=\"charts\">\n");
        self.body.extend(charts.into_iter().flatten());
        self.body.push_str("</div>\n");
    }

    /// The first column aligned left, all others right. It scrolls by itself where the page is narrow.
    pub fn table(&mut self, header: &[&str], rows: &[Vec<String>]) {
        self.table_of(header, rows, 1);
    }

    /// As [`Page::table`], with the first `n_text` columns aligned left.
    pub fn table_of(&mut self, header: &[&str], rows: &[Vec<String>], n_text: usize) {
        let _ = write!(
            self.body,
            "<div class=\"scroll\"><table class=\"t{n_text}\">"
        );
        // A list of what and how much needs no header.
        if header.iter().any(|cell| !cell.is_empty()) {
            self.body.push_str("<thead><tr>");
            for cell in header {
                let _ = write!(self.body, "<th>{}</th>", escape(cell));
            }
            self.body.push_str("</tr></thead>");
        }
        self.body.push_str("<tbody>\n");
        for row in rows {
            self.body.push_str("<tr>");
            for cell in row {
                let _ = write!(self.body, "<td>{}</td>", escape(cell));
            }
            self.body.push_str("</tr>\n");
        }
        self.body.push_str("</tbody></table></div>\n");
    }

    /// What is shown on a click only.
    pub fn folded(&mut self, title: &str, fill: impl FnOnce(&mut Page)) {
        let _ = writeln!(self.body, "<details><summary>{}</summary>", escape(title));
        fill(self);
        self.body.push_str("</details>\n");
    }

    /// Something with a title of its own that stands apart.
    pub fn card(&mut self, title: &str, fill: impl FnOnce(&mut Page)) {
        let _ = writeln!(self.body, "<section><h3>{}</h3>", escape(title));
        fill(self);
        self.body.push_str("</section>\n");
    }

    /// The page as HTML.
    pub fn html(&self) -> String {
        let links = self
            .sections
            .iter()
            .map(|(anchor, name)| format!("<a href=\"#{anchor}\">{}</a> ", escape(name)));
        format!(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><style>{STYLE}</style></head>\n\
             <body><h1>{title}</h1>\n<nav>{links}</nav>\n{body}</body></html>\n",
            title = escape(&self.title),
            links = links.collect::<String>(),
            body = self.body,
        )
    }
}
