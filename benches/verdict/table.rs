//! Markdown tables.

/// Prints the heading and the head of a table.
pub(crate) fn head(title: &str, columns: &[&str]) {
    println!("\n### {title}\n");
    row(columns);
    row(&vec!["---"; columns.len()]);
}

/// Prints one row.
pub(crate) fn row(cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    println!("| {} |", cells.join(" | "));
}

/// `1 of 419 (0.24 %)`, or a dash of nothing.
pub(crate) fn share(part: u32, whole: u32) -> String {
    match whole {
        0 => "-".to_owned(),
        _ => format!("{part} of {whole} ({:.2} %)", 100.0 * f64::from(part) / f64::from(whole)),
    }
}
