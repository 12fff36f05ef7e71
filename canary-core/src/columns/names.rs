//! The layouts of a table and the names of its columns.

/// How a table lays out its observations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One row an observation: `metric`, `timestamp`, `value`.
    Long,
    /// One row a time: `timestamp` and one column a metric.
    Wide,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The name of the metric.
    Metric,
    /// When it was observed.
    Timestamp,
    /// What was observed.
    Value,
    /// The machine or pod.
    Instance,
    /// The region.
    Region,
    /// The group of the metric.
    Group,
    /// `baseline` or `canary`, in an input that holds both.
    Side,
}

impl Role {
    /// Every role, in the order in which they are documented.
    pub const ALL: [Self; 7] =
        [Self::Metric, Self::Timestamp, Self::Value, Self::Instance, Self::Region, Self::Group, Self::Side];

    /// The role's name, which is also the column's name unless it is mapped.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Metric => "metric",
            Self::Timestamp => "timestamp",
            Self::Value => "value",
            Self::Instance => "instance",
            Self::Region => "region",
            Self::Group => "group",
            Self::Side => "side",
        }
    }

    /// The role of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// The table's name for each role. A name other than the role's own makes the column required.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnNames {
    /// The column that holds the metric's name.
    pub metric: String,
    /// The column that holds the time.
    pub timestamp: String,
    /// The column that holds the value.
    pub value: String,
    /// The column that holds the instance.
    pub instance: String,
    /// The column that holds the region.
    pub region: String,
    /// The column that holds the group.
    pub group: String,
    /// The column that holds the side.
    pub side: String,
}

impl ColumnNames {
    /// The column of a role.
    #[must_use]
    pub fn of(&self, role: Role) -> &str {
        match role {
            Role::Metric => &self.metric,
            Role::Timestamp => &self.timestamp,
            Role::Value => &self.value,
            Role::Instance => &self.instance,
            Role::Region => &self.region,
            Role::Group => &self.group,
            Role::Side => &self.side,
        }
    }

    /// Maps a role to a column.
    pub fn set(&mut self, role: Role, name: impl Into<String>) {
        let column = match role {
            Role::Metric => &mut self.metric,
            Role::Timestamp => &mut self.timestamp,
            Role::Value => &mut self.value,
            Role::Instance => &mut self.instance,
            Role::Region => &mut self.region,
            Role::Group => &mut self.group,
            Role::Side => &mut self.side,
        };
        *column = name.into();
    }
}

impl Default for ColumnNames {
    fn default() -> Self {
        let own = |role: Role| role.name().to_owned();
        Self {
            metric: own(Role::Metric),
            timestamp: own(Role::Timestamp),
            value: own(Role::Value),
            instance: own(Role::Instance),
            region: own(Role::Region),
            group: own(Role::Group),
            side: own(Role::Side),
        }
    }
}
