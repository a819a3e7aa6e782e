//! The loss of reinforcement learning: PPO, values, entropy, KL to the supervised policy (SCC §6.1).

use super::entropy::entropy_per_step;
use super::heads::{HeadChoice, HeadDist, sum_per_step};
use super::kl::{KlDirection, kl_per_step};
use super::ppo::{Surrogate, approx_kl, clipped_surrogate};
use super::rl_stats::{OF_HEAD, OF_KIND, OF_STEPS};
use super::value::value_loss;
use tch::{Kind, Tensor};

/// Factors and choices of the loss.
#[derive(Clone, Debug, PartialEq)]
pub struct RlLossConfig {
    /// Half the width of PPO's clipping range.
    pub clip_epsilon: f64,
    /// Factor of the value losses.
    pub value_cost: f64,
    /// Factors of the kinds in it, `R`.
    pub value_weights: Vec<f64>,
    /// The values' clipping range around those at acting time; 0 = none.
    pub value_clip: f64,
    /// Factor of the negative normalized entropy.
    pub entropy_cost: f64,
    /// Factors of the heads in it, `H`.
    pub entropy_weights: Vec<f64>,
    /// Factor of the divergence to the supervised policy.
    pub kl_cost: f64,
    /// Factors of the heads in it, `H`.
    pub kl_weights: Vec<f64>,
    pub kl_direction: KlDirection,
    /// Only the value losses are minimized (value warm-up); everything is reported all the same.
    pub values_only: bool,
}

/// What the loss is made of. `N = B * T` steps, padding included.
#[derive(Debug)]
pub struct RlInputs<'a> {
    /// `H` heads of the target policy on the actions taken.
    pub heads: &'a [HeadChoice<'a>],
    /// The same of the frozen supervised policy; none = no such term.
    pub supervised: Option<&'a [HeadChoice<'a>]>,
    /// `[N, H]` f32: the behavior policy's log-probability of each head's choice; 0 where it was not asked.
    pub behavior_log_probs: &'a Tensor,
    /// `[N]` f32, detached: one number a step, all reward kinds together.
    pub advantage: &'a Tensor,
    /// `[N, R]` f32 of the target network.
    pub value: &'a Tensor,
    /// `[N, R]` f32 at acting time.
    pub behavior_value: &'a Tensor,
    /// `[N, R]` f32, detached.
    pub returns: &'a Tensor,
    /// `[N]` bool
    pub valid_mask: &'a Tensor,
    /// Steps that the losses are divided by: the real ones of the whole batch, of which this may be a part.
    pub n_real: f64,
}

/// The loss of a batch or of a part of one.
#[derive(Debug)]
pub struct RlLoss {
    /// Scalar to differentiate; the parts of a batch add up to its loss.
    pub total: Tensor,
    /// Sums for [`super::RlStats::from_parts`], f64, detached.
    pub stats: Tensor,
}

/// `ppo + value_cost * values - entropy_cost * entropies + kl_cost * kls`, each a mean over real steps.
///
/// The ratio is that of whole actions: log-probabilities of all heads that were asked, summed (`[N]`).
///
/// Paper: SCC §6.1. Deviation: the paper gives no factors; entropies are normalized (see [`super::entropy`]).
///
/// # Panics
/// If shapes disagree.
pub fn rl_loss(inputs: &RlInputs<'_>, config: &RlLossConfig) -> RlLoss {
    let n = check(inputs, config);
    let valid = inputs.valid_mask.to_kind(Kind::Float);
    let mean = |t: &Tensor| (t * &valid).sum(Kind::Float) / inputs.n_real.max(1.0);
    let heads: Vec<HeadDist> = inputs.heads.iter().map(HeadDist::new).collect();
    let log_ratio = log_ratio(&heads, inputs.behavior_log_probs);
    let surrogate = clipped_surrogate(&log_ratio, inputs.advantage, config.clip_epsilon);
    let old = (config.value_clip > 0.0).then_some((inputs.behavior_value, config.value_clip));
    let errors = value_loss(inputs.value, inputs.returns, old);
    let entropies: Vec<Tensor> = heads.iter().map(|h| entropy_per_step(h, n)).collect();
    let kls = divergences(inputs, &heads, config.kl_direction, n);

    let weights = Tensor::from_slice(&config.value_weights)
        .to_kind(Kind::Float)
        .to_device(valid.device());
    let mut total = mean(&errors.matmul(&weights)) * config.value_cost;
    if !config.values_only {
        total = total + mean(&surrogate.loss);
        for (entropy, weight) in entropies.iter().zip(&config.entropy_weights) {
            total = total - mean(entropy) * (config.entropy_cost * weight);
        }
        for (kl, weight) in kls.iter().zip(&config.kl_weights) {
            total = total + mean(kl) * (config.kl_cost * weight);
        }
    }
    let stats = tch::no_grad(|| {
        let mut sums = step_sums(&surrogate, &log_ratio, &valid);
        for (h, head) in heads.iter().enumerate() {
            sums.extend(head_sums(head, &entropies[h], kls.get(h), &valid));
        }
        for kind in 0..inputs.value.size()[1] {
            sums.extend(kind_sums(inputs, &errors, &valid, kind));
        }
        Tensor::stack(&sums, 0)
    });
    RlLoss { total, stats }
}

/// Asserts all shapes; returns `N`.
fn check(inputs: &RlInputs<'_>, config: &RlLossConfig) -> i64 {
    let n = inputs.advantage.size1().expect("advantage: [N]");
    let h = inputs.heads.len() as i64;
    let (rows, r) = inputs.value.size2().expect("value: [N, R]");
    assert_eq!(rows, n, "value: [N, R]");
    assert_eq!(inputs.returns.size(), [n, r], "returns: [N, R]");
    assert_eq!(
        inputs.behavior_value.size(),
        [n, r],
        "behavior_value: [N, R]"
    );
    assert_eq!(inputs.valid_mask.size(), [n], "valid_mask: [N]");
    assert_eq!(
        inputs.behavior_log_probs.size(),
        [n, h],
        "behavior_log_probs: [N, H]"
    );
    assert_eq!(config.value_weights.len() as i64, r, "value_weights: [R]");
    assert_eq!(
        config.entropy_weights.len() as i64,
        h,
        "entropy_weights: [H]"
    );
    assert_eq!(config.kl_weights.len() as i64, h, "kl_weights: [H]");
    n
}

/// Target less behavior log-probability of every step's whole action, `[N]`. `behavior` `[N, H]`.
pub fn log_ratio(heads: &[HeadDist], behavior: &Tensor) -> Tensor {
    let n = behavior.size()[0];
    let target = heads.iter().fold(
        Tensor::zeros([n], (Kind::Float, behavior.device())),
        |sum, h| sum + h.taken_per_step(n),
    );
    target - behavior.sum_dim_intlist([-1i64].as_slice(), false, Kind::Float)
}

/// Per head and step `[N]`; empty without a supervised policy.
fn divergences(
    inputs: &RlInputs<'_>,
    heads: &[HeadDist],
    direction: KlDirection,
    n: i64,
) -> Vec<Tensor> {
    let Some(supervised) = inputs.supervised else {
        return Vec::new();
    };
    assert_eq!(supervised.len(), heads.len(), "supervised: H heads");
    heads
        .iter()
        .zip(supervised)
        .map(|(head, teacher)| {
            let teacher = tch::no_grad(|| HeadDist::new(teacher));
            kl_per_step(head, &teacher, direction, n)
        })
        .collect()
}

/// Sum over real steps, f64.
fn sum(t: &Tensor, valid: &Tensor) -> Tensor {
    (t * valid).sum(Kind::Double)
}

fn step_sums(surrogate: &Surrogate, log_ratio: &Tensor, valid: &Tensor) -> Vec<Tensor> {
    let ones = valid.ones_like();
    let largest = (&surrogate.ratio * valid).max().to_kind(Kind::Double);
    let sums = vec![
        sum(&ones, valid),
        sum(&surrogate.loss, valid),
        sum(&surrogate.clipped.to_kind(Kind::Float), valid),
        sum(&approx_kl(log_ratio), valid),
        sum(&surrogate.ratio, valid),
        largest,
    ];
    debug_assert_eq!(sums.len(), OF_STEPS + 1);
    sums
}

fn head_sums(
    head: &HeadDist,
    entropy: &Tensor,
    kl: Option<&Tensor>,
    valid: &Tensor,
) -> [Tensor; OF_HEAD] {
    let n = valid.size()[0];
    let ones = head.taken.ones_like();
    let asked = sum_per_step(&ones, &head.rows, n).clamp_max(1.0);
    let kl = kl.map_or_else(|| sum(&valid.zeros_like(), valid), |kl| sum(kl, valid));
    [sum(&asked, valid), sum(entropy, valid), kl]
}

fn kind_sums(
    inputs: &RlInputs<'_>,
    errors: &Tensor,
    valid: &Tensor,
    kind: i64,
) -> [Tensor; OF_KIND] {
    let returns = inputs.returns.select(1, kind);
    let error = &returns - inputs.value.select(1, kind);
    [
        sum(&errors.select(1, kind), valid),
        sum(&returns, valid),
        sum(&returns.square(), valid),
        sum(&error, valid),
        sum(&error.square(), valid),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::rl_stats::RlStats;
    use super::super::testing::{Numbers, close, entries, matrix, softmax};
    use super::super::value::explained_variance;
    use super::*;

    /// Two heads over four steps: the first is asked in steps 0, 1, 2, the second is a sequence of two in step 1; step 3 is
    /// padding.
    struct Case {
        logits: [Vec<Vec<f64>>; 2],
        teacher: [Vec<Vec<f64>>; 2],
        target: [Vec<usize>; 2],
        rows: [Vec<usize>; 2],
        behavior: Vec<f64>,
        advantage: Vec<f64>,
        value: Vec<f64>,
        returns: Vec<f64>,
    }

    const N: usize = 4;
    const REAL: usize = 3;
    const KINDS: usize = 2;

    fn case() -> Case {
        let mut numbers = Numbers::new(5);
        let mut rows_of =
            |m: usize, k: usize| -> Vec<Vec<f64>> { (0..m).map(|_| numbers.take(k)).collect() };
        let logits = [rows_of(3, 4), rows_of(2, 3)];
        let teacher = [rows_of(3, 4), rows_of(2, 3)];
        let mut out = Case {
            logits,
            teacher,
            target: [vec![0, 3, 1], vec![2, 0]],
            rows: [vec![0, 1, 2], vec![1, 1]],
            behavior: vec![0.0; N * 2],
            advantage: numbers.take(N),
            value: numbers.take(N * KINDS),
            returns: numbers.take(N * KINDS),
        };
        for (i, x) in numbers.take(REAL).iter().enumerate() {
            out.behavior[i * 2] = -1.2 + 0.4 * x;
        }
        out.behavior[3] = -2.0;
        out
    }

    fn config() -> RlLossConfig {
        RlLossConfig {
            clip_epsilon: 0.2,
            value_cost: 0.5,
            value_weights: vec![1.0, 0.25],
            value_clip: 0.0,
            entropy_cost: 0.1,
            entropy_weights: vec![1.0, 2.0],
            kl_cost: 0.3,
            kl_weights: vec![0.5, 1.0],
            kl_direction: KlDirection::SupervisedTarget,
            values_only: false,
        }
    }

    /// Log-probability of the action, entropy and divergence of a head in a step, by plain loops.
    fn head_of(c: &Case, head: usize, step: usize) -> (f64, f64, f64) {
        let entries: Vec<usize> = (0..c.rows[head].len())
            .filter(|&i| c.rows[head][i] == step)
            .collect();
        let (mut log_prob, mut entropy, mut kl) = (0.0, 0.0, 0.0);
        for &i in &entries {
            let (p, q) = (softmax(&c.logits[head][i]), softmax(&c.teacher[head][i]));
            log_prob += p[c.target[head][i]].ln();
            let h: f64 = p.iter().map(|p| -p * p.ln()).sum();
            entropy += h / (p.len() as f64).ln() / entries.len() as f64;
            kl += q.iter().zip(&p).map(|(q, p)| q * (q / p).ln()).sum::<f64>();
        }
        (log_prob, entropy, kl)
    }

    fn reference(c: &Case, config: &RlLossConfig) -> f64 {
        let mut total = 0.0;
        for step in 0..REAL {
            let heads: Vec<_> = (0..2).map(|h| head_of(c, h, step)).collect();
            let target: f64 = heads.iter().map(|h| h.0).sum();
            let ratio = (target - c.behavior[step * 2] - c.behavior[step * 2 + 1]).exp();
            let a = c.advantage[step];
            let ppo = -(ratio * a).min(ratio.clamp(0.8, 1.2) * a);
            let value: f64 = (0..KINDS)
                .map(|k| {
                    let i = step * KINDS + k;
                    config.value_weights[k] * 0.5 * (c.value[i] - c.returns[i]).powi(2)
                })
                .sum();
            total += config.value_cost * value;
            if config.values_only {
                continue;
            }
            total += ppo;
            for (h, (_, entropy, kl)) in heads.iter().enumerate() {
                total -= config.entropy_cost * config.entropy_weights[h] * entropy;
                total += config.kl_cost * config.kl_weights[h] * kl;
            }
        }
        total / REAL as f64
    }

    struct Tensors {
        logits: [Tensor; 2],
        teacher: [Tensor; 2],
        target: [Tensor; 2],
        rows: [Tensor; 2],
        flat: [Tensor; 4],
        valid: Tensor,
    }

    fn tensors(c: &Case) -> Tensors {
        let ints =
            |v: &Vec<usize>| Tensor::from_slice(&v.iter().map(|&x| x as i64).collect::<Vec<_>>());
        let floats = |v: &[f64], k: i64| {
            let t = Tensor::from_slice(v).to_kind(Kind::Float);
            if k == 0 { t } else { t.view([N as i64, k]) }
        };
        Tensors {
            logits: [0, 1].map(|h| matrix(&c.logits[h]).set_requires_grad(true)),
            teacher: [0, 1].map(|h| matrix(&c.teacher[h]).set_requires_grad(true)),
            target: [0, 1].map(|h| ints(&c.target[h])),
            rows: [0, 1].map(|h| ints(&c.rows[h])),
            flat: [
                floats(&c.behavior, 2),
                floats(&c.advantage, 0),
                floats(&c.value, KINDS as i64).set_requires_grad(true),
                floats(&c.returns, KINDS as i64),
            ],
            valid: Tensor::from_slice(&[1u8, 1, 1, 0]).ne(0),
        }
    }

    fn head([logits, target, rows]: &[Tensor; 3]) -> HeadChoice<'_> {
        HeadChoice {
            logits,
            target,
            rows,
        }
    }

    fn loss(t: &Tensors, config: &RlLossConfig, n_real: f64) -> RlLoss {
        let choices = |logits: &'_ [Tensor; 2]| -> [[Tensor; 3]; 2] {
            [0, 1].map(|h| [&logits[h], &t.target[h], &t.rows[h]].map(Tensor::shallow_clone))
        };
        let (target, teacher) = (choices(&t.logits), choices(&t.teacher));
        rl_loss(
            &RlInputs {
                heads: &target.each_ref().map(head),
                supervised: Some(&teacher.each_ref().map(head)),
                behavior_log_probs: &t.flat[0],
                advantage: &t.flat[1],
                value: &t.flat[2],
                behavior_value: &t.flat[3],
                returns: &t.flat[3],
                valid_mask: &t.valid,
                n_real,
            },
            config,
        )
    }

    #[test]
    fn the_whole_loss_equals_a_plain_loop() {
        let c = case();
        let t = tensors(&c);
        for values_only in [false, true] {
            let config = RlLossConfig {
                values_only,
                ..config()
            };
            let out = loss(&t, &config, REAL as f64);
            let (actual, expected) = (out.total.double_value(&[]), reference(&c, &config));
            assert!((actual - expected).abs() < 1e-5, "{actual} {expected}");
        }
    }

    #[test]
    fn gradients_reach_what_is_trained_and_nothing_else() {
        let t = tensors(&case());
        loss(&t, &config(), REAL as f64).total.backward();
        for logits in &t.logits {
            assert!(entries(&logits.grad()).iter().any(|g| *g != 0.0));
        }
        let value = t.flat[2].grad();
        assert!(entries(&value.narrow(0, 0, 3)).iter().all(|g| *g != 0.0));
        close(&value.narrow(0, 3, 1), &[0.0; KINDS]);
        assert!(t.teacher.iter().all(|t| !t.grad().defined()));
        let t = tensors(&case());
        let warm = RlLossConfig {
            values_only: true,
            ..config()
        };
        loss(&t, &warm, REAL as f64).total.backward();
        assert!(t.logits.iter().all(|l| !l.grad().defined()));
        assert!(t.flat[2].grad().defined());
    }

    #[test]
    fn numbers_to_report_equal_plain_loops_and_parts_add_up() {
        let c = case();
        let out = loss(&tensors(&c), &config(), REAL as f64);
        let part = entries(&out.stats);
        let stats = RlStats::from_parts(std::slice::from_ref(&part), 2, KINDS);
        let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-5, "{a} {b}");
        near(stats.n, 3.0);
        assert_eq!((stats.heads[0].n, stats.heads[1].n), (3.0, 1.0));
        let (_, entropy, kl) = head_of(&c, 1, 1);
        near(stats.heads[1].entropy, entropy);
        near(stats.heads[1].kl, kl);
        let kls = (0..REAL).map(|s| head_of(&c, 0, s).2).sum::<f64>();
        near(stats.heads[0].kl, kls / 3.0);
        let ratio = |s: usize| {
            let target = head_of(&c, 0, s).0 + head_of(&c, 1, s).0;
            (target - c.behavior[s * 2] - c.behavior[s * 2 + 1]).exp()
        };
        near(stats.ratio_mean, (0..REAL).map(ratio).sum::<f64>() / 3.0);
        near(stats.ratio_max, (0..REAL).map(ratio).fold(0.0, f64::max));
        let far = (0..REAL).filter(|&s| (ratio(s) - 1.0).abs() > 0.2).count();
        near(stats.clip_fraction, far as f64 / 3.0);
        let column = |v: &[f64]| -> Vec<f64> { (0..REAL).map(|s| v[s * KINDS]).collect() };
        let (returns, values) = (column(&c.returns), column(&c.value));
        let errors: Vec<f64> = returns.iter().zip(&values).map(|(g, v)| g - v).collect();
        let sums = |x: &[f64]| (x.iter().sum::<f64>(), x.iter().map(|x| x * x).sum::<f64>());
        let expected = explained_variance(3.0, sums(&returns), sums(&errors)).expect("varies");
        near(stats.kinds[0].explained_variance.expect("varies"), expected);
        let twice = RlStats::from_parts(&[part.clone(), part], 2, KINDS);
        near(twice.n, 6.0);
        near(twice.approx_kl, stats.approx_kl);
        near(twice.ratio_max, stats.ratio_max);
    }
}
