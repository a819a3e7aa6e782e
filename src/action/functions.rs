//! The function table: no-op plus the raw interface's general abilities for three races, split by target kind
//! (as PySC2's raw functions are), and who may carry each out when.
//!
//! Built once from `game::data`; its rows are ordered by (general ability, target kind), so they stay the same as long
//! as the data tables do. `ActionSpec::hash` watches over that.

use super::requirements::{
    base_flags, built_type, fill_gate, made_by, produces, production_flags, types_counting_as,
    upgrade_row,
};
use super::rules::{self, EXTRAS, Extra, ExtraTarget, TargetRule, Types};
use crate::game::data::{self, AbilityTarget, ProductionKind as K};
use crate::game::{AbilityId, UnitTypeId};
use crate::obs::flags::{self, kind};
use crate::obs::vocab;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What a function is aimed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FunctionKind {
    NoOp,
    /// Nothing.
    Quick,
    /// A cell of the target grid.
    Point,
    /// A unit.
    Unit,
    /// Nothing; turns automatic use on or off.
    Autocast,
}

/// Arguments that a function takes; the heads of the others are masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Args {
    pub queued: bool,
    pub units: bool,
    pub target_unit: bool,
    pub target_cell: bool,
}

/// What the player must have, whoever carries the function out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gate {
    pub minerals: u32,
    pub vespene: u32,
    /// Free supply that it takes up.
    pub supply: f32,
    /// For each required structure: the types (one bit each) of which one must stand finished.
    pub structures: Vec<[u64; 4]>,
    /// Upgrades that must be there.
    pub upgrades: u128,
    /// Upgrades that must neither be there nor in research.
    pub not_upgrades: u128,
}

/// One unit type's way to carry out a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Row of the unit-type table.
    pub type_idx: u16,
    /// Exact ability.
    pub exact: AbilityId,
    /// Index into [`FunctionTable::gates`].
    pub gate: u16,
    /// Unit flags that must all be set.
    pub need: u32,
    /// Unit flags of which none may be set.
    pub forbid: u32,
    pub energy: u8,
}

/// An [`Offer`] as the function mask reads it: all that it needs in one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeOffer {
    pub function: u16,
    pub gate: u16,
    pub need: u32,
    pub forbid: u32,
    pub energy: u8,
}

/// A row of the table.
#[derive(Clone, Debug)]
pub struct Function {
    /// As in `Build_SupplyDepot_pt`.
    pub name: String,
    /// General ability; 0 for no-op.
    pub ability: AbilityId,
    pub kind: FunctionKind,
    pub offers: Vec<Offer>,
    /// What it puts up, for placement: the unit type whose footprint must fit.
    pub builds: Option<UnitTypeId>,
    pub(super) targets: &'static [TargetRule],
}

impl Function {
    pub fn args(&self) -> Args {
        Args {
            queued: matches!(
                self.kind,
                FunctionKind::Quick | FunctionKind::Point | FunctionKind::Unit
            ),
            units: self.kind != FunctionKind::NoOp,
            target_unit: self.kind == FunctionKind::Unit,
            target_cell: self.kind == FunctionKind::Point,
        }
    }
}

/// All functions and what they need.
pub struct FunctionTable {
    pub functions: Vec<Function>,
    pub gates: Vec<Gate>,
    /// Per unit type: what it can do.
    pub(super) of_type: Vec<Vec<TypeOffer>>,
    by_key: BTreeMap<(AbilityId, FunctionKind), u16>,
    general: Vec<u16>,
}

/// The table; built on first use.
pub fn table() -> &'static FunctionTable {
    static TABLE: LazyLock<FunctionTable> = LazyLock::new(FunctionTable::build);
    &TABLE
}

/// All functions; row 0 is no-op.
pub fn functions() -> &'static [Function] {
    &table().functions
}

/// A row, or none for an index beyond the table.
pub fn function(idx: u16) -> Option<&'static Function> {
    functions().get(usize::from(idx))
}

/// Row of a general ability with a target kind.
pub fn find(general: AbilityId, kind: FunctionKind) -> Option<u16> {
    table().by_key.get(&(general, kind)).copied()
}

/// The general ability of an exact or general one; none for abilities that no function stands for.
pub fn general_of(ability: AbilityId) -> Option<AbilityId> {
    let at = usize::from(ability.0);
    let found = table().general.get(at).copied().unwrap_or(0);
    (found != 0).then_some(AbilityId(found))
}

/// Row by name, e.g. `Train_Marine_quick`.
pub fn by_name(name: &str) -> Option<u16> {
    let at = functions().iter().position(|f| f.name == name)?;
    Some(at as u16)
}

/// Collects rows while the table is built.
#[derive(Default)]
struct Builder {
    rows: BTreeMap<(AbilityId, FunctionKind), Row>,
    gates: Vec<Gate>,
}

/// Name, offers, and the structure that is put up.
type Row = (String, Vec<Offer>, Option<UnitTypeId>);

/// A right click.
const SMART: AbilityId = AbilityId(1);

/// True if a right click can mean something to the unit: it moves or has a rally point. The game's lists offer it to
/// turrets and tech labs too, where it does nothing.
fn goes_or_rallies(by: UnitTypeId) -> bool {
    data::abilities()
        .iter()
        .any(|a| [3794, 3673, 3690].contains(&a.general.0) && a.offered_by.contains(&by))
}

impl FunctionTable {
    fn build() -> FunctionTable {
        let mut b = Builder::default();
        b.gate(Gate::default());
        for a in data::abilities() {
            for &by in a.offered_by {
                b.add(a.id, by);
            }
        }
        for p in data::units().flat_map(|d| d.produced_by) {
            b.add(p.ability, p.producer);
        }
        for p in data::upgrades().iter().flat_map(|r| r.researched_at) {
            b.add(p.ability, p.producer);
        }
        for extra in EXTRAS {
            b.add_extra(extra);
        }
        b.finish()
    }
}

impl Builder {
    fn gate(&mut self, gate: Gate) -> u16 {
        let at = self.gates.iter().position(|g| *g == gate);
        at.unwrap_or_else(|| {
            self.gates.push(gate);
            self.gates.len() - 1
        }) as u16
    }

    /// Adds what `by` can do with the exact ability `exact`.
    fn add(&mut self, exact: AbilityId, by: UnitTypeId) {
        let row = data::ability(exact);
        let general = row.map_or(exact, |a| a.general);
        if rules::LEFT_OUT.contains(&general.0) || EXTRAS.iter().any(|e| e.general == general.0) {
            return;
        }
        if general == SMART && !goes_or_rallies(by) {
            return;
        }
        let makes = made_by(exact, by);
        let target = row.map_or_else(
            || target_of_kind(makes.map(|m| m.production().kind)),
            |a| a.target,
        );
        let name = data::ability(general).or(row).map_or("", |a| a.friendly);
        let flying = data::unit(by).is_some_and(|d| d.is_structure && d.is_flying);
        for &kind in kinds_of(target) {
            // A flying barracks can only put its add-on where it lands.
            if !(flying && kind == FunctionKind::Quick && target == AbilityTarget::PointOrNone) {
                self.add_offers(general, name, kind, exact, by);
            }
        }
        if row.is_some_and(|a| a.allow_autocast) {
            self.add_offers(general, name, FunctionKind::Autocast, exact, by);
        }
    }

    fn add_offers(
        &mut self,
        general: AbilityId,
        name: &str,
        kind: FunctionKind,
        exact: AbilityId,
        by: UnitTypeId,
    ) {
        let offers = self.offers(exact, by, kind);
        let entry = self
            .rows
            .entry((general, kind))
            .or_insert_with(|| (function_name(name, general, kind), Vec::new(), None));
        for offer in offers {
            if !entry.1.contains(&offer) {
                entry.1.push(offer);
            }
        }
        if kind == FunctionKind::Point && entry.2.is_none() {
            entry.2 = built_type(exact, by);
        }
    }

    fn offers(&mut self, exact: AbilityId, by: UnitTypeId, kind: FunctionKind) -> Vec<Offer> {
        let (need, forbid) = base_flags(by, exact, kind);
        let type_idx = vocab().type_idx(by);
        let energy = if kind == FunctionKind::Autocast {
            0
        } else {
            rules::look_up(rules::ENERGY, exact).unwrap_or(0)
        };
        let mut gate = Gate::default();
        if let Some(row) = rules::required_upgrade(exact).and_then(upgrade_row) {
            gate.upgrades |= 1 << row;
        }
        if let Some(s) = rules::look_up(rules::STRUCTURE, exact) {
            gate.structures.push(types_counting_as(s));
        }
        let offer = |gate, more: (u32, u32)| Offer {
            type_idx,
            exact,
            gate,
            need: need | more.0,
            forbid: forbid | more.1,
            energy,
        };
        let Some(makes) = made_by(exact, by) else {
            return vec![offer(self.gate(gate), (0, 0))];
        };
        fill_gate(&mut gate, makes);
        vec![offer(
            self.gate(gate),
            production_flags(makes.production(), by),
        )]
    }

    fn add_extra(&mut self, extra: &Extra) {
        let general = AbilityId(extra.general);
        let kinds: &[FunctionKind] = match extra.target {
            ExtraTarget::None => &[FunctionKind::Quick],
            ExtraTarget::Point => &[FunctionKind::Point],
            ExtraTarget::PointOrUnit => &[FunctionKind::Point, FunctionKind::Unit],
        };
        let mut gate = Gate::default();
        if let Some(s) = rules::look_up(rules::STRUCTURE, general) {
            gate.structures.push(types_counting_as(s));
        }
        let gate = self.gate(gate);
        for &kind in kinds {
            let mut offers = Vec::new();
            for o in extra.offers {
                for type_idx in extra_types(&o.types) {
                    offers.push(Offer {
                        type_idx,
                        exact: AbilityId(extra.exact[0]),
                        gate,
                        need: o.need,
                        forbid: o.forbid | flags::ALLY,
                        energy: 0,
                    });
                }
            }
            let name = function_name(extra.name, general, kind);
            self.rows.insert((general, kind), (name, offers, None));
        }
    }

    fn finish(self) -> FunctionTable {
        let mut functions = vec![Function {
            name: "no_op".into(),
            ability: AbilityId(0),
            kind: FunctionKind::NoOp,
            offers: Vec::new(),
            builds: None,
            targets: &[],
        }];
        let mut by_key = BTreeMap::new();
        for ((ability, kind), (name, offers, builds)) in self.rows {
            by_key.insert((ability, kind), functions.len() as u16);
            functions.push(Function {
                name,
                ability,
                kind,
                offers,
                builds,
                targets: rules::target_rules(ability),
            });
        }
        let mut of_type = vec![Vec::new(); vocab().types().len()];
        for (f, function) in functions.iter().enumerate() {
            for offer in &function.offers {
                of_type[usize::from(offer.type_idx)].push(TypeOffer {
                    function: f as u16,
                    gate: offer.gate,
                    need: offer.need,
                    forbid: offer.forbid,
                    energy: offer.energy,
                });
            }
        }
        let general = generals(&functions);
        FunctionTable {
            functions,
            gates: self.gates,
            of_type,
            by_key,
            general,
        }
    }
}

/// Exact (or general) ability -> general ability, 0 where no function stands for it.
fn generals(functions: &[Function]) -> Vec<u16> {
    let mut general = vec![0; 4096];
    for f in functions.iter().skip(1) {
        general[usize::from(f.ability.0)] = f.ability.0;
        for offer in &f.offers {
            general[usize::from(offer.exact.0)] = f.ability.0;
        }
    }
    for a in data::abilities() {
        if general[usize::from(a.general.0)] != 0 {
            general[usize::from(a.id.0)] = a.general.0;
        }
    }
    for extra in EXTRAS {
        for &exact in extra.exact {
            general[usize::from(exact)] = extra.general;
        }
    }
    general
}

fn extra_types(types: &Types) -> Vec<u16> {
    let v = vocab();
    let structures = |producers: bool| {
        v.types()
            .iter()
            .enumerate()
            .filter(|(_, t)| t.kinds & kind::STRUCTURE != 0)
            .filter(|(_, t)| !producers || produces(t.id))
            .map(|(i, _)| i as u16)
            .collect()
    };
    match types {
        Types::List(list) => list.iter().map(|&id| v.type_idx(id)).collect(),
        Types::Structures => structures(false),
        Types::Producers => structures(true),
    }
}

fn target_of_kind(kind: Option<K>) -> AbilityTarget {
    match kind {
        Some(K::Build | K::WarpIn) => AbilityTarget::Point,
        Some(K::BuildOnGeyser) => AbilityTarget::Unit,
        Some(K::BuildAddon) => AbilityTarget::PointOrNone,
        _ => AbilityTarget::None,
    }
}

fn kinds_of(target: AbilityTarget) -> &'static [FunctionKind] {
    use FunctionKind::{Point, Quick, Unit};
    match target {
        AbilityTarget::None => &[Quick],
        AbilityTarget::Point => &[Point],
        AbilityTarget::Unit => &[Unit],
        AbilityTarget::PointOrUnit => &[Point, Unit],
        AbilityTarget::PointOrNone => &[Quick, Point],
    }
}

fn function_name(friendly: &str, general: AbilityId, kind: FunctionKind) -> String {
    let base = if friendly.is_empty() {
        format!("Ability{}", general.0)
    } else {
        friendly.replace(' ', "_")
    };
    let suffix = match kind {
        FunctionKind::NoOp => "",
        FunctionKind::Quick => "_quick",
        FunctionKind::Point => "_pt",
        FunctionKind::Unit => "_unit",
        FunctionKind::Autocast => "_autocast",
    };
    base + suffix
}
