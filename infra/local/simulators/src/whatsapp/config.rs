//! The configuration of the simulated business account.

use std::time::Duration;

use local_clock::Clock;

/// The fixed parts of a simulated business account.
#[derive(Clone, Debug)]
pub struct Config {
    /// The stack's clock.
    pub clock: Clock,
    /// The seed of ids and random numbers.
    pub seed: u64,
    /// The business's numbers. Customers write to the first one unless they name another.
    pub phone_numbers: Vec<PhoneNumber>,
    /// The id of the WhatsApp Business Account: `entry[].id` of webhooks.
    pub business_account_id: String,
    /// The id of the app at Meta.
    pub app_id: String,
    /// The key with which webhooks are signed. With the app's id, it is the app's own access token.
    pub app_secret: String,
    /// The bearer token that calls must carry.
    pub access_token: String,
    /// How long Casement may take to answer a webhook. Meta does not document its limit.
    pub webhook_timeout: Duration,
    /// The most messages per second from one business number. Source: Meta, "Throughput": 80 by
    /// default.
    pub messages_per_second: u32,
}

/// A business phone number.
#[derive(Clone, Debug)]
pub struct PhoneNumber {
    /// The number's id in the Cloud API.
    pub id: String,
    /// Digits with the country code, without `+`.
    pub display: String,
    /// The country code alone, which is put before recipients given without `+`.
    pub country_code: String,
}

impl Config {
    /// Returns the development values, none of them secret.
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
            access_token: "local-access-token".to_owned(),
            webhook_timeout: Duration::from_secs(10),
            messages_per_second: 80,
        }
    }

    /// Returns the number with this id, or the first one if no id is given.
    pub(crate) fn number(&self, id: Option<&str>) -> Option<&PhoneNumber> {
        match id {
            Some(id) => self.phone_numbers.iter().find(|number| number.id == id),
            None => self.phone_numbers.first(),
        }
    }
}
