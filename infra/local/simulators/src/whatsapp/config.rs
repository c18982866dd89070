//! What the simulated business account consists of.

use std::time::Duration;

use local_clock::Clock;

/// The fixed parts of a simulated business account.
#[derive(Clone, Debug)]
pub struct Config {
    /// The stack's clock.
    pub clock: Clock,
    /// Ids and chances follow from it.
    pub seed: u64,
    /// The business's numbers. Customers write to the first one unless they name another.
    pub phone_numbers: Vec<PhoneNumber>,
    /// The id of the WhatsApp Business Account: `entry[].id` of webhooks.
    pub business_account_id: String,
    /// The id of the app at Meta.
    pub app_id: String,
    /// The key of webhook signatures; with the id it is the app's own access token.
    pub app_secret: String,
    /// What the product expects when the webhook URL is entered.
    pub verify_token: String,
    /// The bearer token that calls must carry.
    pub access_token: String,
    /// How long the product may take to answer a webhook. Meta does not document its limit.
    pub webhook_timeout: Duration,
    /// Messages per second and business number.
    /// Source: Meta, "Throughput": 80 by default.
    pub messages_per_second: u32,
}

/// A business phone number.
#[derive(Clone, Debug)]
pub struct PhoneNumber {
    /// Its id in the Cloud API.
    pub id: String,
    /// Digits with the country code, without `+`.
    pub display: String,
    /// The country code alone: put before numbers that are sent to without `+`.
    pub country_code: String,
}

impl Config {
    /// The development values, which are no secret.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            seed: 0,
            phone_numbers: vec![PhoneNumber {
                id: "106540352242922".to_owned(),
                display: "15550783881".to_owned(),
                country_code: "1".to_owned(),
            }],
            business_account_id: "102290129340398".to_owned(),
            app_id: "634974688087057".to_owned(),
            app_secret: "local-app-secret".to_owned(),
            verify_token: "local-verify-token".to_owned(),
            access_token: "local-access-token".to_owned(),
            webhook_timeout: Duration::from_secs(10),
            messages_per_second: 80,
        }
    }

    /// The number with this id, or the first one when none is asked for.
    pub(crate) fn number(&self, id: Option<&str>) -> Option<&PhoneNumber> {
        match id {
            Some(id) => self.phone_numbers.iter().find(|number| number.id == id),
            None => self.phone_numbers.first(),
        }
    }
}
