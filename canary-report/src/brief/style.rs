//! The colours of the place that a brief stands in.

/// Fragments of styles; none holds a quote.
pub(crate) struct Style {
    /// The colour of text.
    pub(crate) ink: &'static str,
    /// What makes text weaker.
    pub(crate) muted: &'static str,
    /// The colour of lines.
    pub(crate) line: &'static str,
    /// The ground of a row.
    pub(crate) ground: &'static str,
    /// The same as an attribute, for mail programs that read no styles; empty for none.
    pub(crate) ground_attribute: &'static str,
    /// How far everything stands from the sides.
    pub(crate) side: &'static str,
    /// The ground of code.
    pub(crate) code: &'static str,
}

impl Style {
    /// A mail: every colour is said, so that a program that turns light into dark turns ink and ground alike.
    pub(crate) const MAIL: Self = Self {
        ink: "#1f2328",
        muted: "color:#57606a",
        line: "#d8dee4",
        ground: "#ffffff",
        ground_attribute: "#ffffff",
        side: "24px",
        code: "#f3f4f6",
    };
    /// A notebook: its own ink on its own ground, light or dark.
    pub(crate) const NOTEBOOK: Self = Self {
        ink: "inherit",
        muted: "color:inherit;opacity:0.78",
        line: "rgba(128,128,128,0.35)",
        ground: "transparent",
        ground_attribute: "",
        side: "0",
        code: "rgba(128,128,128,0.16)",
    };
}
