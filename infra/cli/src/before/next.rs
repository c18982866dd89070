//! The command to type next.

use std::collections::BTreeMap;

use super::DEFAULT_STACK;
use super::samconfig::{Samconfig, is_placeholder};
use crate::args::Before;

/// What `sam deploy` is to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Next {
    /// The stack's name.
    pub stack: String,
    /// Whether `sam build` comes first.
    pub builds: bool,
    /// Whether the command line gave the name.
    stack_is_given: bool,
    config_env: Option<String>,
    profile: Option<String>,
    region: Option<String>,
    /// What samconfig.toml says.
    parameters: Vec<(String, String)>,
    /// What has to be otherwise.
    changes: BTreeMap<&'static str, String>,
}

impl Next {
    pub(super) fn new(
        wanted: &Before,
        profile: Option<&str>,
        samconfig: Option<&Samconfig>,
    ) -> Self {
        let given = wanted.stack_name.clone();
        let known = || samconfig.and_then(|known| known.stack.clone());
        Self {
            stack_is_given: given.is_some(),
            stack: given
                .or_else(known)
                .unwrap_or_else(|| DEFAULT_STACK.to_owned()),
            config_env: wanted.config_env.clone(),
            profile: profile.map(str::to_owned),
            parameters: samconfig.map_or_else(Vec::new, |known| known.parameters.clone()),
            ..Self::default()
        }
    }

    /// Takes a value that fits, if there is one.
    pub(super) fn set(&mut self, parameter: &'static str, fitting: Option<String>) {
        if let Some(fitting) = fitting {
            self.changes.insert(parameter, fitting);
        }
    }

    /// Names the Region, unless SAM takes it by itself.
    pub(super) fn region(&mut self, region: &str, of_sam: Option<&str>) {
        self.region = (of_sam != Some(region)).then(|| region.to_owned());
    }

    /// The parameters that have to be otherwise than samconfig.toml says.
    pub(super) fn changes(&self) -> &BTreeMap<&'static str, String> {
        &self.changes
    }

    pub(super) fn command(&self) -> String {
        let mut command = if self.builds { "sam build && " } else { "" }.to_owned();
        command.push_str("sam deploy");
        match &self.config_env {
            Some(section) => option(&mut command, "config-env", section),
            None => command.push_str(" --guided"),
        }
        if self.stack_is_given {
            option(&mut command, "stack-name", &self.stack);
        }
        if let Some(region) = &self.region {
            option(&mut command, "region", region);
        }
        if let Some(profile) = &self.profile {
            option(&mut command, "profile", profile);
        }
        if !self.changes.is_empty() {
            // They stand in place of all that samconfig.toml has, so all are given.
            command.push_str(" --parameter-overrides");
            for (name, value) in self.overrides() {
                command.push(' ');
                command.push_str(&word(&name, &value));
            }
        }
        command
    }

    fn overrides(&self) -> Vec<(String, String)> {
        let asks = self.config_env.is_none();
        let kept = self.parameters.iter().filter(|(name, value)| {
            let open = asks && is_placeholder(name, value);
            !open && !self.changes.contains_key(name.as_str())
        });
        let changed = self.changes.iter();
        kept.cloned()
            .chain(changed.map(|(name, value)| ((*name).to_owned(), value.clone())))
            .collect()
    }
}

fn option(command: &mut String, name: &str, value: &str) {
    command.push_str(&format!(" --{name} {}", quoted(value)));
}

fn is_plain(value: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_./:@%+,-=".contains(letter);
    !value.is_empty() && value.chars().all(plain)
}

/// Writes a value so that a shell leaves it alone.
fn quoted(value: &str) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

/// Writes a parameter so that the shell and SAM leave its value alone.
fn word(name: &str, value: &str) -> String {
    if is_plain(value) {
        return format!("{name}={value}");
    }
    quoted(&format!("{name}=\"{value}\""))
}
