//! A batch's parts on several threads: each thread computes with a replica of the network, which shares its values and has
//! gradients of its own; gradients are added up in a fixed order, so that the same number of threads gives the same bits.

use super::{Policy, params::Params};
use crate::threads::side_by_side;
use tch::Tensor;

/// One network a thread.
#[derive(Debug)]
pub struct Replicas {
    policies: Vec<Policy>,
}

impl Replicas {
    /// On a GPU one, whatever `threads` says.
    pub fn new(policy: &Policy, threads: usize) -> Replicas {
        let n = if policy.device().is_cuda() {
            1
        } else {
            threads.max(1)
        };
        Replicas {
            policies: (0..n).map(|_| policy.replica()).collect(),
        }
    }

    /// Threads, and so parts that can be computed at once.
    pub fn len(&self) -> usize {
        self.policies.len()
    }

    /// Never: there is at least one.
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// Does `work` on every input, each on its own replica and thread; results in the inputs' order. A single input stays
    /// on this thread.
    ///
    /// # Panics
    /// If there are more inputs than replicas; if `work` does.
    pub fn each<I: Send, O: Send>(
        &mut self,
        inputs: Vec<I>,
        work: impl Fn(&mut Policy, I) -> O + Sync,
    ) -> Vec<O> {
        assert!(inputs.len() <= self.policies.len(), "a replica an input");
        if self.policies.len() > 1 {
            // Here, too: how a sum is split among an operation's threads shows in its last bits.
            tch::set_num_threads(1);
        }
        let mut inputs = inputs;
        if inputs.len() == 1 {
            let only = inputs.pop().map(|input| work(&mut self.policies[0], input));
            return only.into_iter().collect();
        }
        let work = &work;
        let parts = self.policies.iter_mut().zip(inputs);
        side_by_side(parts.map(|(policy, input)| {
            move || {
                // The batch is what is shared out among the cores, not the operations.
                tch::set_num_threads(1);
                work(policy, input)
            }
        }))
    }

    /// The replicas' gradients, added up in their order. A parameter that no head asked for has a gradient of zero, and
    /// not none: which of the two libtorch says depends on what was asked since the process began.
    pub fn gradients(&self, params: &Params) -> Vec<Tensor> {
        tch::no_grad(|| {
            let mut sum = self.policies[0].params().grads();
            for replica in &self.policies[1..] {
                for (total, grad) in sum.iter_mut().zip(replica.params().grads()) {
                    match (total.defined(), grad.defined()) {
                        (true, true) => *total = &*total + grad,
                        (false, true) => *total = grad,
                        _ => {}
                    }
                }
            }
            for (total, (_, t)) in sum.iter_mut().zip(params.entries()) {
                if !total.defined() {
                    *total = t.zeros_like();
                }
            }
            sum
        })
    }

    /// Clears all gradients.
    pub fn zero_grad(&mut self) {
        for policy in &mut self.policies {
            policy.params_mut().zero_grad();
        }
    }
}
