//! Superscript and subscript.

use serde_json::Value;

use super::attributes::kind;

/// The direction in which text is moved off its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Script {
    Raised,
    Lowered,
}

/// Characters with a superscript form in Unicode: digits, signs and letters ("Superscripts and
/// Subscripts", "Phonetic Extensions", "Spacing Modifier Letters").
const RAISED: (&str, &str) = (
    "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
);

/// Characters with a subscript form in Unicode.
const LOWERED: (&str, &str) = (
    "0123456789+-−=()aehijklmnoprstuvx",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ",
);

/// Characters that are raised anyway, as in `Casement™`.
const RAISED_ANYHOW: &str = "™®©°ªº*′″";

impl Script {
    /// Reads a mark of type `subsup`.
    pub(super) fn of(mark: &Value) -> Option<Self> {
        match mark["attrs"]["type"].as_str() {
            Some("sup") if kind(mark) == "subsup" => Some(Self::Raised),
            Some("sub") if kind(mark) == "subsup" => Some(Self::Lowered),
            _ => None,
        }
    }

    /// Writes `text` in Unicode's own characters if they exist for all of it: `10³`, `H₂O`.
    /// Otherwise a sign marks the raised or lowered text, as people type it: `e^(iπ)`, `x_(1,2)`.
    pub(super) fn write(self, text: &str) -> String {
        let (sign, (plain, moved)) = match self {
            Self::Raised => ('^', RAISED),
            Self::Lowered => ('_', LOWERED),
        };
        let of = |c: char| {
            let stays = c.is_whitespace() || (self == Self::Raised && RAISED_ANYHOW.contains(c));
            let at = plain.chars().position(|known| known == c);
            at.and_then(|at| moved.chars().nth(at))
                .or(stays.then_some(c))
        };
        if let Some(written) = text.chars().map(of).collect() {
            return written;
        }
        let inner = text.trim();
        let start = text.len() - text.trim_start().len();
        let (before, after) = (&text[..start], &text[start + inner.len()..]);
        format!("{before}{sign}({inner}){after}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_has_its_counterpart() {
        for (plain, moved) in [RAISED, LOWERED] {
            assert_eq!(plain.chars().count(), moved.chars().count());
        }
    }

    #[test]
    fn powers_stay_powers() {
        for (script, text, expected) in [
            (Script::Raised, "3", "³"),
            (Script::Raised, "-12", "⁻¹²"),
            (Script::Raised, "n + 1", "ⁿ ⁺ ¹"),
            (Script::Raised, "er", "ᵉʳ"),
            (Script::Raised, "TM", "ᵀᴹ"),
            (Script::Raised, "®", "®"),
            (Script::Raised, "1,5", "^(1,5)"),
            (Script::Raised, " iπ ", " ^(iπ) "),
            (Script::Lowered, "2", "₂"),
            (Script::Lowered, "max", "ₘₐₓ"),
            (Script::Lowered, "1,2", "_(1,2)"),
            (Script::Lowered, "B", "_(B)"),
            (Script::Raised, "", ""),
        ] {
            assert_eq!(script.write(text), expected, "{text:?}");
        }
    }
}
