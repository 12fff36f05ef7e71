//! What can go wrong while rendering.

use std::error::Error;

/// A report that could not be written. Reports made by the judge never cause one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenderError {
    /// The JSON writer refused a value.
    #[error("the report cannot be written as JSON")]
    Json(#[source] Box<dyn Error + Send + Sync>),
    /// The XML writer refused a value.
    #[error("the report cannot be written as JUnit XML")]
    Junit(#[source] Box<dyn Error + Send + Sync>),
    /// A template of HTML or SVG refused a value.
    #[error("the report cannot be written as HTML")]
    Html(#[source] Box<dyn Error + Send + Sync>),
    /// The mail writer wrote something that is no text.
    #[error("the report cannot be written as a mail")]
    Mail(#[source] Box<dyn Error + Send + Sync>),
    /// The PNG writer refused a picture.
    #[error("the grid cannot be written as PNG")]
    Picture(#[source] Box<dyn Error + Send + Sync>),
    /// A picture of this size cannot be held.
    #[error("no picture can be {width} x {height} pixels large")]
    PictureSize {
        /// Pixels in a row.
        width: u32,
        /// Rows.
        height: u32,
    },
}
