//! What a command prints for the person who typed it.

/// Prints one line on standard output.
#[expect(clippy::print_stdout, reason = "standard output is the commands' surface")]
pub(crate) fn print_line(line: &str) {
    println!("{line}");
}

/// Prints why a command did not work, and each cause once.
#[expect(clippy::print_stderr, reason = "standard error is where a command says what went wrong")]
pub(crate) fn print_error(error: &anyhow::Error) {
    eprintln!("fanal: {error:#}");
}

/// A table with aligned columns: the first to the left, the others to the right.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let head: Vec<String> = head.iter().map(|&title| title.to_owned()).collect();
    let widths: Vec<usize> = (0..head.len())
        .map(|column| {
            let cells = rows.iter().chain([&head]).map(|row| cell(row, column).chars().count());
            cells.max().unwrap_or(0)
        })
        .collect();
    let line = |row: &[String]| {
        let cells = widths.iter().enumerate().map(|(column, &width)| match column {
            0 => format!("{:<width$}", cell(row, column)),
            _ => format!("{:>width$}", cell(row, column)),
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule = vec!["─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len().max(1) - 1))];
    let body = rows.iter().map(|row| line(row));
    [line(&head)].into_iter().chain(rule).chain(body).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let rows = vec![vec!["é".to_owned(), "10".to_owned()], vec!["longer".to_owned()]];
        let shown = table(&["name", "n"], &rows);
        assert_eq!(shown, "name     n\n──────────\né       10\nlonger");
    }
}
