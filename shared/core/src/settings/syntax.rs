//! Explains lines that are not TOML in an owner's words.

/// Returns the wrong line, counted from 1, its key, if it has one, and what is wrong with it. `at`
/// is the line where the TOML parser got stuck.
pub(super) fn explained(document: &str, at: usize, message: &str) -> (usize, String, String) {
    let lines: Vec<&str> = document
        .lines()
        .map(|line| without_comment(line.trim()))
        .collect();
    // A list that is not closed swallows the lines that follow.
    if let Some((line, key)) = unclosed(lines.get(..at - 1).unwrap_or(&lines)) {
        let message = "is a list that does not end: a bracket ] is missing".to_owned();
        return (line, key, message);
    }
    let (key, message) = of(lines.get(at - 1).copied().unwrap_or_default(), message);
    (at, key, message)
}

/// Returns the line and the key of the list that these lines leave open, if they do.
fn unclosed(lines: &[&str]) -> Option<(usize, String)> {
    let (mut open, mut depth) = (None, 0_i32);
    for (index, line) in lines.iter().enumerate() {
        let value = match line.split_once('=') {
            Some((key, value)) if depth == 0 => {
                open = Some((index + 1, key.trim().to_owned()));
                value
            }
            None if depth == 0 => continue,
            _ => line,
        };
        let mut mark = None;
        for letter in value.chars() {
            match (mark, letter) {
                (None, '"' | '\'') => mark = Some(letter),
                (Some(quote), letter) if quote == letter => mark = None,
                (None, '[') => depth += 1,
                (None, ']') => depth -= 1,
                _ => {}
            }
        }
    }
    open.filter(|_| depth > 0)
}

fn of(line: &str, message: &str) -> (String, String) {
    let Some((key, value)) = line.split_once('=') else {
        return (String::new(), of_line(line, message));
    };
    let (key, value) = (key.trim(), value.trim());
    if message.starts_with("duplicate key") {
        return (key.to_owned(), "is given twice".to_owned());
    }
    let bare = |key: &str| {
        let is_part = |letter: char| letter.is_alphanumeric() || "_-.\"'+".contains(letter);
        !key.is_empty() && key.chars().all(is_part)
    };
    if !bare(key) {
        let message = format!("\"{key}\" is not a key: write key = value");
        return (String::new(), message);
    }
    (key.to_owned(), of_value(value))
}

fn of_line(line: &str, message: &str) -> String {
    if message.starts_with("duplicate key") {
        return format!("{line} is given twice");
    }
    if line.starts_with('[') {
        let open = line.chars().take_while(|c| *c == '[').count();
        let closed = line.chars().rev().take_while(|c| *c == ']').count();
        return if open == closed {
            format!("{line} is not a table such as [number.hours]")
        } else {
            format!("the brackets of {line} do not match")
        };
    }
    if line.is_empty() {
        return "something is not finished: a quotation mark or a bracket is missing".to_owned();
    }
    "is neither a table such as [[number]] nor a setting: write key = value".to_owned()
}

fn of_value(value: &str) -> String {
    let starts = |marks: &[char]| value.starts_with(marks);
    if value.is_empty() {
        "has no value".to_owned()
    } else if value.contains(['“', '”', '„', '‘', '’', '«', '»']) {
        "write straight quotation marks: \"...\"".to_owned()
    } else if starts(&['"', '\'']) {
        of_text(value)
    } else if starts(&['[', '{']) {
        "is a list that cannot be read: write [\"one\", \"two\"], with a comma between its values \
         and a bracket at its end"
            .to_owned()
    } else if is_like_a_date(value) {
        format!("{value} is not a date such as 2026-12-24")
    } else {
        match value.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "false" | "no" | "off" => "write true or false".to_owned(),
            _ => format!(
                "write it in quotes: \"{}\"",
                value.trim_end_matches(['"', '\''])
            ),
        }
    }
}

fn of_text(value: &str) -> String {
    let mark = value.chars().next().unwrap_or('"');
    let marks = value.matches(mark).count() - value.matches(&format!("\\{mark}")).count();
    if marks < 2 {
        "the quotation mark at its end is missing".to_owned()
    } else if mark == '"' && value.contains('\\') {
        "has a \\ that stands for nothing: write \\\\ for it".to_owned()
    } else {
        "has something after its text: write one text in one pair of quotation marks".to_owned()
    }
}

/// Returns whether `value` looks like a date: three numbers.
fn is_like_a_date(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['.', '/', '-', ' ']).collect();
    let is_number =
        |part: &&str| matches!(part.len(), 1..=4) && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(is_number)
}

/// Removes the comment from a line. A `#` in quotation marks begins none.
fn without_comment(line: &str) -> &str {
    let mut mark = None;
    for (at, letter) in line.char_indices() {
        match (mark, letter) {
            (None, '#') => return line[..at].trim_end(),
            (None, '"' | '\'') => mark = Some(letter),
            (Some(open), letter) if open == letter => mark = None,
            _ => {}
        }
    }
    line
}
