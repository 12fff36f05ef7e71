//! How much a build sustains: `squeeze`, `scale`, `trend`.

mod baseline;
mod scale;
mod squeeze;
mod trend;

/// The recorded run `name` as its load tool wrote it.
fn raw(name: &str) -> String {
    format!("fixtures/squeeze/{name}/raw")
}
