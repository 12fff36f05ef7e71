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
    /// The template of the HTML page refused a value.
    #[error("the report cannot be written as HTML")]
    Html(#[source] Box<dyn Error + Send + Sync>),
}
