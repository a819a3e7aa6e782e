//! What an update reports, and the names it goes by (docs/METRICS.md).

use crate::algo::RlStats;
use crate::trajectory::HEADS;

/// One update.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LearnerStats {
    /// What was minimized.
    pub loss: f64,
    pub rl: RlStats,
    /// Before clipping.
    pub gradient_norm: f64,
    /// Standard deviation of the advantages before they were normalized.
    pub advantage_std: f64,
    /// Only the value heads moved.
    pub is_warmup: bool,
    /// Choices that the masks forbid: function, selected, target unit. Anything but 0 means that actor and learner do not
    /// mask alike.
    pub forced: [u32; 3],
}

impl LearnerStats {
    /// Names and values for a metrics file; `kinds`: the names of the reward kinds.
    pub fn metrics(&self, kinds: &[&str]) -> Vec<(String, f64)> {
        let rl = &self.rl;
        let mut out: Vec<(String, f64)> = [
            ("loss", self.loss),
            ("loss/ppo", rl.loss_ppo),
            ("clip_fraction", rl.clip_fraction),
            ("approx_kl", rl.approx_kl),
            ("ratio_mean", rl.ratio_mean),
            ("ratio_max", rl.ratio_max),
            ("advantage_std", self.advantage_std),
            ("gradient_norm", self.gradient_norm),
            ("samples", rl.n),
            ("forced", self.forced.iter().map(|&n| f64::from(n)).sum()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for (name, kind) in kinds.iter().zip(&rl.kinds) {
            out.push((format!("loss/value/{name}"), kind.value_loss));
            out.push((format!("return/{name}"), kind.returns));
            if let Some(x) = kind.explained_variance {
                out.push((format!("explained_variance/{name}"), x));
            }
        }
        for (name, head) in HEADS.iter().zip(&rl.heads) {
            out.push((format!("loss/kl/{name}"), head.kl));
            out.push((format!("entropy/{name}"), head.entropy));
        }
        out
    }
}
