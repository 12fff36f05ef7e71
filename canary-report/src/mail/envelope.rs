//! Who a mail is from, to whom it goes, and when.

use std::str::FromStr;
use std::time::SystemTime;

use email_address::{EmailAddress, Options};
use mail_builder::headers::address::Address;

use crate::words::in_prose;

/// The headers of a mail that a report does not know.
///
/// Whatever is left out is left out of the message: `sendmail -t` and msmtp fill in `From` and `Date`, and a message
/// without them is still one that mail programs open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Who sends it.
    pub from: Option<Mailbox>,
    /// Who gets it; `sendmail -t` needs at least one.
    pub to: Vec<Mailbox>,
    /// When it was written, to the second. With it the message has a `Message-ID` of its own, derived from all of its
    /// content.
    pub date: Option<SystemTime>,
}

/// A checked mail address, with a name or without: `ci@example.org`, `Build bot <ci@example.org>`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mailbox {
    name: Option<String>,
    address: String,
    domain: String,
}

/// Something that is no mail address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no mail address ({why}): write name@example.org or Name <name@example.org>")]
pub struct MailboxError {
    /// What was found, shortened.
    found: String,
    /// What is wrong with it.
    why: &'static str,
}

impl Mailbox {
    /// The address without a name.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What stands behind the `@`.
    pub(super) fn domain(&self) -> &str {
        &self.domain
    }

    /// As a header holds it.
    pub(super) fn header(&self) -> Address<'_> {
        Address::new_address(self.name.as_deref(), self.address.as_str())
    }
}

impl FromStr for Mailbox {
    type Err = MailboxError;

    fn from_str(text: &str) -> Result<Self, MailboxError> {
        let refused = |why| MailboxError { found: in_prose(text), why };
        if text.chars().any(char::is_control) {
            return Err(refused("it holds a control character"));
        }
        // `root@localhost` is where the mail of many a machine goes.
        let options = Options::default().with_no_minimum_sub_domains();
        let parsed = EmailAddress::parse_with_options(text.trim(), options);
        let parsed = parsed.map_err(|_| refused("it is not of the form local@domain"))?;
        let address = parsed.email();
        if !address.is_ascii() {
            return Err(refused(
                "it holds characters that older mail servers refuse; a domain can be written in ASCII",
            ));
        }
        let name = parsed.display_part().trim().trim_matches('"').trim();
        let name = (!name.is_empty()).then(|| name.to_owned());
        let domain = parsed.domain().to_owned();
        Ok(Self { name, address, domain })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_with_and_without_a_name() {
        let parsed = |text: &str| text.parse::<Mailbox>().map(|mailbox| (mailbox.name, mailbox.address));
        let plain = |address: &str| Ok((None, address.to_owned()));
        let named = |name: &str, address: &str| Ok((Some(name.to_owned()), address.to_owned()));
        assert_eq!(parsed("ci@example.org"), plain("ci@example.org"));
        assert_eq!(parsed(" root@localhost "), plain("root@localhost"));
        assert_eq!(parsed("Build bot <ci@example.org>"), named("Build bot", "ci@example.org"));
        assert_eq!(parsed("\"Müller, A\" <a@example.org>"), named("Müller, A", "a@example.org"));
    }

    #[test]
    fn what_could_become_a_header_is_refused() {
        for text in ["", "ci", "@example.org", "a@b, c@d", "a@example.org\r\nBcc: x@example.org", "a b@example.org"] {
            let error = text.parse::<Mailbox>().expect_err(text).to_string();
            assert!(error.contains("is no mail address") && !error.contains('\n'), "{error}");
        }
        assert!("ü@example.org".parse::<Mailbox>().is_err());
    }
}
