//! The owner's settings.

use std::sync::Arc;

use casement_core::settings::Settings;
use casement_service::SettingsFailure;
use casement_service::ports::SettingsSource;

use crate::World;

const NUMBER: &str = r#"
[[number]]
phone_number_id = "1065"
service_desk_id = "1"
request_type_id = "10"
delay_after = "10m"
"#;

const TEXTS: &str = r#"
[number.texts.en]
delay_notice = "Please wait"
"#;

/// Makes settings with these further lines for the only number.
pub(crate) fn with(more: &str) -> Arc<Settings> {
    let document = format!("{NUMBER}{more}{TEXTS}");
    of_document(&document)
}

fn of_document(document: &str) -> Arc<Settings> {
    Arc::new(Settings::from_toml(document).unwrap())
}

impl World {
    /// Sets further lines of the settings for the only number.
    pub fn set_settings(&self, more: &str) {
        self.inner.settings.replace(with(more));
    }

    /// Replaces the whole settings document.
    pub fn set_document(&self, document: &str) {
        self.inner.settings.replace(of_document(document));
    }
}

impl SettingsSource for World {
    async fn current(&self) -> Result<Arc<Settings>, SettingsFailure> {
        Ok(Arc::clone(&self.inner.settings.borrow()))
    }
}
