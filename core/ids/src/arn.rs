//! Amazon Resource Names: every documented id-or-ARN form on the way in, with or without the account, and the one
//! form of each resource on the way out.

use crate::{AliasId, BuildId, FleetId, GameSessionId, Location, ScriptId};
use std::fmt;

/// The longest ARN the API takes (`AmazonResourceName`); longer texts are not looked at.
const MAX_LENGTH: usize = 1011;

/// An ARN of this service, taken apart: `arn:aws:gamelift:<region>:<account>:<kind>/<name>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, ...
    pub partition: &'a str,
    /// The region; may be empty in texts that callers write by hand.
    pub region: &'a str,
    /// Twelve digits, or empty.
    pub account: &'a str,
    /// The kind of resource as spelled in the ARN: `fleet`, `alias`, `gamesession`, ...
    pub kind: &'a str,
    /// What follows the first slash; may hold further slashes.
    pub name: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN of this service apart. `None` for anything else.
    pub fn parse(text: &'a str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        let mut parts = text.splitn(6, ':');
        let mut next = || parts.next();
        let (scheme, partition, service) = (next()?, next()?, next()?);
        let (region, account, resource) = (next()?, next()?, next()?);
        let (kind, name) = resource.split_once('/')?;
        let account_fits = account.is_empty()
            || account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let kind_fits = !kind.is_empty() && kind.bytes().all(|byte| byte.is_ascii_lowercase());
        let fits = scheme == "arn"
            && partition.starts_with("aws")
            && service == "gamelift"
            && account_fits
            && kind_fits
            && !name.is_empty();
        fits.then_some(Self {
            partition,
            region,
            account,
            kind,
            name,
        })
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "arn:{}:gamelift:{}:{}:{}/{}",
            self.partition, self.region, self.account, self.kind, self.name
        )
    }
}

/// The kinds of resources that carry tags and that an ARN of this deployment can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `alias/alias-…`
    Alias,
    /// `build/build-…`
    Build,
    /// `compute/<name>`
    Compute,
    /// `fleet/fleet-…`
    Fleet,
    /// `gamesession/…`
    GameSession,
    /// `gamesessionqueue/<name>`
    Queue,
    /// `location/custom-…`
    Location,
    /// `matchmakingconfiguration/<name>`
    MatchmakingConfiguration,
    /// `matchmakingruleset/<name>`
    MatchmakingRuleSet,
    /// `script/script-…`
    Script,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Alias,
        Self::Build,
        Self::Compute,
        Self::Fleet,
        Self::GameSession,
        Self::Queue,
        Self::Location,
        Self::MatchmakingConfiguration,
        Self::MatchmakingRuleSet,
        Self::Script,
    ];

    /// The word in the ARN.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alias => "alias",
            Self::Build => "build",
            Self::Compute => "compute",
            Self::Fleet => "fleet",
            Self::GameSession => "gamesession",
            Self::Queue => "gamesessionqueue",
            Self::Location => "location",
            Self::MatchmakingConfiguration => "matchmakingconfiguration",
            Self::MatchmakingRuleSet => "matchmakingruleset",
            Self::Script => "script",
        }
    }

    /// The kind that an ARN's word stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Alias and game session ARNs are emitted without an account, all others with it.
    const fn names_account(self) -> bool {
        !matches!(self, Self::Alias | Self::GameSession)
    }
}

/// Where the ARNs of one deployment come from: its region and its account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    region: String,
    account: String,
}

impl Origin {
    /// `region` looks like `us-east-1`; `account` is twelve digits.
    pub fn new(region: impl Into<String>, account: impl Into<String>) -> Self {
        Self {
            region: region.into(),
            account: account.into(),
        }
    }

    /// The region.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The account.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The ARN of the resource of that kind and name, in the form in which it is emitted.
    pub fn arn(&self, kind: Kind, name: &str) -> String {
        let account = match kind.names_account() {
            true => self.account.as_str(),
            false => "",
        };
        let (region, kind) = (self.region.as_str(), kind.word());
        Arn {
            partition: "aws",
            region,
            account,
            kind,
            name,
        }
        .to_string()
    }

    /// The ARN of a fleet.
    pub fn fleet(&self, id: &FleetId) -> String {
        self.arn(Kind::Fleet, id.as_str())
    }

    /// The ARN of a script.
    pub fn script(&self, id: &ScriptId) -> String {
        self.arn(Kind::Script, id.as_str())
    }

    /// The ARN of a build.
    pub fn build(&self, id: &BuildId) -> String {
        self.arn(Kind::Build, id.as_str())
    }

    /// The ARN of an alias: without an account, as the service does it.
    pub fn alias(&self, id: &AliasId) -> String {
        self.arn(Kind::Alias, id.as_str())
    }

    /// The ARN of a custom location.
    pub fn location(&self, location: &Location) -> String {
        self.arn(Kind::Location, location.as_str())
    }

    /// The id of a new game session. The location is left out when it is the fleet's home.
    pub fn game_session(
        &self,
        fleet: &FleetId,
        remote: Option<&Location>,
        id: &str,
    ) -> GameSessionId {
        let name = match remote {
            Some(location) => format!("{fleet}/{location}/{id}"),
            None => format!("{fleet}/{id}"),
        };
        GameSessionId::new(self.arn(Kind::GameSession, &name))
    }

    /// The id or name in a text that is either that id itself or an ARN of that kind. Region and account of the ARN
    /// may be missing; another region's resources do not exist here, so theirs is `None`.
    pub fn name_in<'a>(&self, kind: Kind, text: &'a str) -> Option<&'a str> {
        if !text.starts_with("arn:") {
            return (!text.is_empty()).then_some(text);
        }
        let (found, name) = self.resource_in(text)?;
        (found == kind).then_some(name)
    }

    /// The kind and name of the resource that an ARN names, when it belongs to this region.
    pub fn resource_in<'a>(&self, text: &'a str) -> Option<(Kind, &'a str)> {
        let arn = Arn::parse(text)?;
        let here = arn.region.is_empty() || arn.region == self.region;
        Kind::from_word(arn.kind)
            .filter(|_| here)
            .map(|kind| (kind, arn.name))
    }

    /// The fleet in a fleet id or fleet ARN.
    pub fn fleet_in(&self, text: &str) -> Option<FleetId> {
        self.name_in(Kind::Fleet, text).map(FleetId::from)
    }

    /// The script in a script id or script ARN.
    pub fn script_in(&self, text: &str) -> Option<ScriptId> {
        self.name_in(Kind::Script, text).map(ScriptId::from)
    }

    /// The build in a build id or build ARN.
    pub fn build_in(&self, text: &str) -> Option<BuildId> {
        self.name_in(Kind::Build, text).map(BuildId::from)
    }

    /// The alias in an alias id or alias ARN.
    pub fn alias_in(&self, text: &str) -> Option<AliasId> {
        self.name_in(Kind::Alias, text).map(AliasId::from)
    }

    /// The location in a location name or custom location ARN.
    pub fn location_in(&self, text: &str) -> Option<Location> {
        self.name_in(Kind::Location, text).map(Location::from)
    }

    /// The game session that a caller means: with or without the account, with or without the home location, always
    /// the one form under which it is stored.
    pub fn game_session_in(&self, text: &str) -> Option<GameSessionId> {
        let (kind, name) = self.resource_in(text)?;
        if kind != Kind::GameSession {
            return None;
        }
        let session = SessionName::parse(name)?;
        let remote = session.location.filter(|location| *location != self.region);
        let remote = remote.map(Location::from);
        Some(self.game_session(&FleetId::from(session.fleet), remote.as_ref(), session.id))
    }
}

/// What a game session's ARN says behind `gamesession/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionName<'a> {
    /// The fleet that runs the session.
    pub fleet: &'a str,
    /// The location, unless it is the fleet's home.
    pub location: Option<&'a str>,
    /// The caller's own id of the session, or a generated one.
    pub id: &'a str,
}

impl<'a> SessionName<'a> {
    fn parse(name: &'a str) -> Option<Self> {
        let mut parts = name.split('/');
        let (fleet, second) = (parts.next()?, parts.next()?);
        let (third, fourth) = (parts.next(), parts.next());
        let (location, id) = third.map_or((None, second), |third| (Some(second), third));
        let whole = fourth.is_none()
            && [fleet, second, id].iter().all(|part| !part.is_empty())
            && fleet.contains("fleet-");
        whole.then_some(Self {
            fleet,
            location,
            id,
        })
    }

    /// Takes a stored game session id apart.
    pub fn of(session: &'a GameSessionId) -> Option<Self> {
        let arn = Arn::parse(session.as_str())?;
        (arn.kind == Kind::GameSession.word())
            .then_some(arn.name)
            .and_then(Self::parse)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin() -> Origin {
        Origin::new("us-east-1", "123456789012")
    }

    #[test]
    fn emitted_forms() {
        let fleet = FleetId::from("fleet-1");
        let there = Location::from("eu-west-1");
        let text = [
            origin().fleet(&fleet),
            origin().script(&"script-1".into()),
            origin().build(&"build-1".into()),
            origin().alias(&"alias-1".into()),
            origin().location(&"custom-home".into()),
            origin().arn(Kind::Queue, "q"),
            origin().arn(Kind::MatchmakingConfiguration, "m"),
            origin().arn(Kind::MatchmakingRuleSet, "r"),
            origin().arn(Kind::Compute, "desk-1"),
            origin().game_session(&fleet, None, "gsess-1").to_string(),
            origin()
                .game_session(&fleet, Some(&there), "gsess-1")
                .to_string(),
        ];
        let expected = [
            "arn:aws:gamelift:us-east-1:123456789012:fleet/fleet-1",
            "arn:aws:gamelift:us-east-1:123456789012:script/script-1",
            "arn:aws:gamelift:us-east-1:123456789012:build/build-1",
            "arn:aws:gamelift:us-east-1::alias/alias-1",
            "arn:aws:gamelift:us-east-1:123456789012:location/custom-home",
            "arn:aws:gamelift:us-east-1:123456789012:gamesessionqueue/q",
            "arn:aws:gamelift:us-east-1:123456789012:matchmakingconfiguration/m",
            "arn:aws:gamelift:us-east-1:123456789012:matchmakingruleset/r",
            "arn:aws:gamelift:us-east-1:123456789012:compute/desk-1",
            "arn:aws:gamelift:us-east-1::gamesession/fleet-1/gsess-1",
            "arn:aws:gamelift:us-east-1::gamesession/fleet-1/eu-west-1/gsess-1",
        ];
        assert_eq!(text, expected.map(str::to_owned));
    }

    #[test]
    fn every_form_of_an_id_is_understood() {
        let cases = [
            ("fleet-1", Some("fleet-1")),
            (
                "arn:aws:gamelift:us-east-1:123456789012:fleet/fleet-1",
                Some("fleet-1"),
            ),
            ("arn:aws:gamelift:us-east-1::fleet/fleet-1", Some("fleet-1")),
            ("arn:aws:gamelift:::fleet/fleet-1", Some("fleet-1")),
            (
                "arn:aws-cn:gamelift:us-east-1::fleet/fleet-1",
                Some("fleet-1"),
            ),
            ("arn:aws:gamelift:eu-west-1::fleet/fleet-1", None),
            ("arn:aws:gamelift:us-east-1:12:fleet/fleet-1", None),
            ("arn:aws:gamelift:us-east-1::alias/alias-1", None),
            ("arn:aws:gamelift:us-east-1::fleet/", None),
            ("arn:aws:s3:us-east-1::fleet/fleet-1", None),
            ("arn:aws:gamelift:us-east-1:fleet/fleet-1", None),
            ("arn:", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                origin().fleet_in(text),
                expected.map(FleetId::from),
                "{text}"
            );
        }
        let arn = "arn:aws:gamelift:us-east-1::location/custom-home";
        assert_eq!(origin().location_in(arn), Some("custom-home".into()));
        assert_eq!(origin().location_in("us-west-2"), Some("us-west-2".into()));
        let arn = "arn:aws:gamelift:us-east-1:123456789012:alias/alias-1";
        assert_eq!(origin().alias_in(arn), Some("alias-1".into()));
        assert_eq!(origin().script_in("script-1"), Some("script-1".into()));
        assert_eq!(origin().build_in("build-1"), Some("build-1".into()));
    }

    #[test]
    fn a_game_session_has_one_id_however_it_is_spelled() {
        let stored = "arn:aws:gamelift:us-east-1::gamesession/fleet-1/gsess-1";
        let remote = "arn:aws:gamelift:us-east-1::gamesession/fleet-1/custom-home/gsess-1";
        let cases = [
            (stored, Some(stored)),
            (
                "arn:aws:gamelift:us-east-1:123456789012:gamesession/fleet-1/gsess-1",
                Some(stored),
            ),
            (
                "arn:aws:gamelift:us-east-1::gamesession/fleet-1/us-east-1/gsess-1",
                Some(stored),
            ),
            (remote, Some(remote)),
            (
                "arn:aws:gamelift:us-east-1:123456789012:gamesession/fleet-1/custom-home/gsess-1",
                Some(remote),
            ),
            (
                "arn:aws:gamelift:us-east-1::gamesession/fleet-1/a/b/c",
                None,
            ),
            ("arn:aws:gamelift:us-east-1::gamesession/fleet-1", None),
            ("arn:aws:gamelift:us-east-1::gamesession/fleet-1/", None),
            (
                "arn:aws:gamelift:eu-west-1::gamesession/fleet-1/gsess-1",
                None,
            ),
            ("gsess-1", None),
        ];
        for (text, expected) in cases {
            assert_eq!(
                origin().game_session_in(text),
                expected.map(GameSessionId::from),
                "{text}"
            );
        }
    }

    #[test]
    fn a_stored_session_names_its_fleet_and_place() {
        let home = GameSessionId::from("arn:aws:gamelift:us-east-1::gamesession/fleet-1/g");
        let away =
            GameSessionId::from("arn:aws:gamelift:us-east-1::gamesession/fleet-1/custom-x/g");
        let name = |location| SessionName {
            fleet: "fleet-1",
            location,
            id: "g",
        };
        assert_eq!(SessionName::of(&home), Some(name(None)));
        assert_eq!(SessionName::of(&away), Some(name(Some("custom-x"))));
        assert_eq!(SessionName::of(&"nonsense".into()), None);
    }

    #[test]
    fn texts_longer_than_any_arn_are_refused() {
        let long = format!(
            "arn:aws:gamelift:us-east-1::fleet/fleet-{}",
            "x".repeat(2000)
        );
        assert_eq!(origin().fleet_in(&long), None);
    }
}
