//! Who answers the questions.

use std::io::IsTerminal;

use console::Term;
use secrecy::SecretString;

use crate::Problem;

/// Somebody who is told things and answers questions.
pub(super) trait Person {
    /// Tells a line.
    fn tell(&mut self, line: &str) -> Result<(), Problem>;

    /// Asks for a value without showing it. Empty: no answer.
    fn hidden(&mut self, question: &str) -> Result<SecretString, Problem>;

    /// Asks, and shows the answer while it is typed. Empty: no answer.
    fn answer(&mut self, question: &str) -> Result<String, Problem>;
}

/// The person at the terminal.
pub(super) struct Terminal {
    term: Term,
}

impl Terminal {
    /// # Errors
    /// Nobody can be asked: input or output is not a terminal.
    pub(super) fn find() -> Result<Self, Problem> {
        let term = Term::stderr();
        if term.is_term() && std::io::stdin().is_terminal() {
            return Ok(Self { term });
        }
        Err(Problem::Usage(
            "secrets are asked for at a terminal, and this is none. Run casement secret set in a \
             terminal, or give a JSON object with the values on standard input: casement secret \
             set --from-stdin"
                .to_owned(),
        ))
    }
}

fn unread(error: std::io::Error) -> Problem {
    Problem::Failed(format!("the answer cannot be read: {error}"))
}

fn unsaid(error: std::io::Error) -> Problem {
    Problem::Failed(format!("nothing can be printed: {error}"))
}

impl Person for Terminal {
    fn tell(&mut self, line: &str) -> Result<(), Problem> {
        self.term.write_line(line).map_err(unsaid)
    }

    fn hidden(&mut self, question: &str) -> Result<SecretString, Problem> {
        self.term.write_str(question).map_err(unsaid)?;
        let typed = self.term.read_secure_line().map_err(unread)?;
        Ok(SecretString::from(typed.trim()))
    }

    fn answer(&mut self, question: &str) -> Result<String, Problem> {
        self.term.write_str(question).map_err(unsaid)?;
        let mut typed = String::new();
        std::io::stdin().read_line(&mut typed).map_err(unread)?;
        Ok(typed.trim().to_owned())
    }
}

/// A script: it hears what there is to say, and answers nothing.
pub(super) struct Script;

impl Person for Script {
    fn tell(&mut self, line: &str) -> Result<(), Problem> {
        eprintln!("{line}");
        Ok(())
    }

    fn hidden(&mut self, _: &str) -> Result<SecretString, Problem> {
        Ok(SecretString::from(""))
    }

    fn answer(&mut self, question: &str) -> Result<String, Problem> {
        eprintln!("{question}no (--yes says yes)");
        Ok(String::new())
    }
}
