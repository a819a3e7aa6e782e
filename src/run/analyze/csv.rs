//! The findings as tables that any program reads (RFC 4180): a header, a line a row, times in game loops.

use super::words::quantity_words;
use crate::analysis::Findings;
use crate::analysis::profile::Profile;
use crate::analysis::sets::letter;
use std::fmt::{Display, Write as _};

/// A table under construction.
struct Table {
    text: String,
}

impl Table {
    fn new(columns: &str) -> Table {
        Table {
            text: format!("{columns}\n"),
        }
    }

    fn row(&mut self, cells: &[&dyn Display]) {
        for (i, cell) in cells.iter().enumerate() {
            let cell = quoted(&cell.to_string());
            let comma = if i == 0 { "" } else { "," };
            let _ = write!(self.text, "{comma}{cell}");
        }
        self.text.push('\n');
    }
}

/// A cell with a comma, a quote or a line break stands in quotes.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text.to_owned()
}

/// An absent value is an empty cell.
fn cell<T: Display>(value: Option<T>) -> String {
    value.map(|it| it.to_string()).unwrap_or_default()
}

/// Every player's game, with the set it is of.
fn players(findings: &Findings) -> impl Iterator<Item = (&'static str, &Profile)> {
    let set = findings.profiles.iter().map(|it| ("set", it));
    set.chain(
        findings
            .reference_profiles
            .iter()
            .map(|it| ("reference", it)),
    )
}

/// All tables with their files' names.
pub(super) fn tables(findings: &Findings) -> Vec<(&'static str, String)> {
    vec![
        ("players.csv", players_table(findings)),
        ("builds.csv", builds(findings)),
        ("curves.csv", curves(findings)),
        ("mixes.csv", mixes(findings)),
        ("expansions.csv", expansions(findings)),
        ("upgrades.csv", upgrades(findings)),
        ("comparison.csv", comparison(findings)),
    ]
}

fn players_table(findings: &Findings) -> String {
    let mut table = Table::new(
        "set,file,player,name,race,opponent,map,version,mmr,is_ai,result,loops,commands,commands_per_minute,\
         peak_minute,workers_killed,workers_lost,value_in_lines,raids,transports,expansions,upgrades",
    );
    for (set, it) in players(findings) {
        let h = &it.harassment;
        table.row(&[
            &set,
            &it.file.display(),
            &it.player,
            &it.name,
            &format!("{:?}", it.race),
            &letter(it.opponent_race),
            &it.map,
            &it.version,
            &cell(it.mmr),
            &it.is_ai,
            &cell(it.result.map(|it| format!("{it:?}"))),
            &it.loops,
            &it.actions.commands,
            &cell(it.actions.per_minute.map(|it| format!("{it:.1}"))),
            &cell(it.actions.peak_minute),
            &h.workers_killed,
            &h.workers_lost,
            &h.value_in_lines,
            &h.raids.len(),
            &h.transports,
            &it.expansions.len(),
            &it.upgrades.len(),
        ]);
    }
    table.text
}

fn builds(findings: &Findings) -> String {
    let mut table = Table::new("set,file,player,step,loop,supply,what,count");
    for (set, it) in players(findings) {
        for (i, step) in it.build_order.iter().enumerate() {
            let (file, n) = (it.file.display(), i + 1);
            table.row(&[
                &set,
                &file,
                &it.player,
                &n,
                &step.game_loop,
                &step.supply,
                &step.what,
                &step.count,
            ]);
        }
    }
    table.text
}

fn curves(findings: &Findings) -> String {
    let mut table = Table::new(
        "set,file,player,loop,workers,supply_used,supply_made,army_value,bases,production,minerals,vespene,\
         minerals_rate,vespene_rate,killed_value,lost_value",
    );
    for (set, it) in players(findings) {
        for p in &it.curve {
            table.row(&[
                &set,
                &it.file.display(),
                &it.player,
                &p.game_loop,
                &p.workers,
                &p.supply_used,
                &p.supply_made,
                &p.army_value,
                &p.bases,
                &p.production,
                &p.minerals,
                &p.vespene,
                &p.minerals_rate,
                &p.vespene_rate,
                &p.killed_value,
                &p.lost_value,
            ]);
        }
    }
    table.text
}

fn mixes(findings: &Findings) -> String {
    let mut table = Table::new("set,file,player,loop,unit,trained,trained_value,alive,alive_value");
    for (set, it) in players(findings) {
        for point in &it.mixes {
            let mut names: Vec<&String> = point.trained.keys().chain(point.alive.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                let of = |shares: &crate::analysis::profile::Shares| {
                    format!("{:.4}", shares.get(name).copied().unwrap_or(0.0))
                };
                table.row(&[
                    &set,
                    &it.file.display(),
                    &it.player,
                    &point.game_loop,
                    name,
                    &of(&point.trained),
                    &of(&point.trained_value),
                    &of(&point.alive),
                    &of(&point.alive_value),
                ]);
            }
        }
    }
    table.text
}

fn expansions(findings: &Findings) -> String {
    let mut table = Table::new("set,file,player,base,begun_loop,done_loop,x,y,from_start");
    for (set, it) in players(findings) {
        for (i, base) in it.expansions.iter().enumerate() {
            let n = i + 2;
            table.row(&[
                &set,
                &it.file.display(),
                &it.player,
                &n,
                &base.begun_loop,
                &cell(base.done_loop),
                &base.position[0],
                &base.position[1],
                &cell(base.from_start),
            ]);
        }
    }
    table.text
}

fn upgrades(findings: &Findings) -> String {
    let mut table = Table::new("set,file,player,loop,upgrade");
    for (set, it) in players(findings) {
        for upgrade in &it.upgrades {
            let (file, at) = (it.file.display(), upgrade.game_loop);
            table.row(&[&set, &file, &it.player, &at, &upgrade.what]);
        }
    }
    table.text
}

fn comparison(findings: &Findings) -> String {
    let mut table = Table::new(
        "race,quantity,loop,n,mean,median,reference_n,reference_mean,reference_median,wasserstein,ks,total_variation,\
         p_permutation,p_mann_whitney,p_adjusted",
    );
    for it in &findings.comparison {
        let (a, b, d) = (&it.set, &it.reference, &it.difference);
        table.row(&[
            &format!("{:?}", it.race),
            &quantity_words(it),
            &cell(it.game_loop),
            &a.n,
            &a.mean,
            &a.median,
            &b.n,
            &b.mean,
            &b.median,
            &d.wasserstein,
            &d.ks,
            &d.total_variation,
            &d.p_permutation,
            &d.p_mann_whitney,
            &it.p_adjusted,
        ]);
    }
    table.text
}
