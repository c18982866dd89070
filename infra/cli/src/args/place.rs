//! Where the deployment is.

use std::path::PathBuf;

use clap::Args;

/// Where the deployment is.
#[derive(Args, Clone, Debug, Default)]
pub struct PlaceOptions {
    /// The local stack in place of AWS [at another address than http://127.0.0.1:8080: --local=URL]
    #[arg(
        long, global = true, value_name = "URL", num_args = 0..=1, require_equals = true,
        default_missing_value = "http://127.0.0.1:8080", value_parser = http_url
    )]
    pub local: Option<String>,

    /// The outputs of the stack, as `sam list stack-outputs --output json` writes them
    #[arg(long, global = true, value_name = "FILE")]
    pub outputs: Option<PathBuf>,

    /// A name of the deployment that --outputs lacks; may be given several times
    #[arg(long = "name", global = true, value_name = "KEY=VALUE", value_parser = pair)]
    pub names: Vec<(String, String)>,

    /// The profile of the AWS CLI whose credentials are used [default: AWS_PROFILE, or the
    /// environment's keys]
    #[arg(long, global = true, value_name = "NAME")]
    pub profile: Option<String>,
}

fn http_url(text: &str) -> Result<String, String> {
    if text.starts_with("http://") || text.starts_with("https://") {
        Ok(text.trim_end_matches('/').to_owned())
    } else {
        Err("it must begin with http://, as --local=http://127.0.0.1:8080".to_owned())
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (key, value) = text
        .split_once('=')
        .ok_or("it must be KEY=VALUE, for example TableName=casement")?;
    Ok((key.to_owned(), value.to_owned()))
}
