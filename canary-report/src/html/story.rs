//! Why the verdict is what it is: the few causes, and what would tip it.

use canary_core::Report;
use canary_core::report::Finding;

use super::head::Text;
use super::link;
use super::rows::{TIPPING, finding_id};
use crate::words::{finding_text, finding_title, number_or_dash, printable, tipping_text, why_text};

/// Members of a finding that are named; the rest are a link away.
const MEMBERS: usize = 6;
/// The columns of a member's name.
const NAME: usize = 48;

/// What the page says before it shows anything.
#[derive(Debug)]
pub(super) struct Story {
    pub(super) why: String,
    pub(super) findings: Vec<Cause>,
    pub(super) tipping: Option<Tip>,
}

/// A finding.
#[derive(Debug)]
pub(super) struct Cause {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) text: String,
    /// When it began, RFC 3339, for the reader's own time.
    pub(super) at: Option<String>,
    pub(super) members: Vec<Member>,
    pub(super) more: usize,
    pub(super) all: String,
}

/// A metric by its name.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: Text,
    pub(super) link: String,
    pub(super) state: &'static str,
    pub(super) ratio: String,
}

/// What would tip the verdict.
#[derive(Debug)]
pub(super) struct Tip {
    pub(super) text: String,
    pub(super) all: String,
}

impl Story {
    pub(super) fn of(report: &Report) -> Self {
        let tip = |tipping| Tip { text: tipping_text(report, tipping), all: link::details("set", TIPPING) };
        Self {
            why: why_text(report),
            findings: report.findings.iter().enumerate().map(|(index, finding)| cause(index, finding)).collect(),
            tipping: report.tipping.as_ref().map(tip),
        }
    }
}

fn cause(index: usize, finding: &Finding) -> Cause {
    let member = |member: &canary_core::report::Member| Member {
        name: Text::name(&member.metric, NAME),
        link: link::metric(&member.metric, finding.region.as_deref()),
        state: member.state.name(),
        ratio: number_or_dash(member.ratio),
    };
    let id = finding_id(index);
    Cause {
        title: finding_title(finding),
        text: finding_text(finding),
        at: finding.onset.at.as_deref().map(printable),
        members: finding.members.iter().take(MEMBERS).map(member).collect(),
        more: finding.members.len().saturating_sub(MEMBERS),
        all: link::details("set", &id),
        id,
    }
}
