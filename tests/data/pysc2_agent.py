"""A small Terran agent of pysc2's environment with raw units and raw actions, as its users write them.

`computer`: two episodes against the built-in AI on Flat64, each to its end, their replays saved. `pair`: two agents in one game,
one of which has no army. The last line of output says how it went.
"""

import random
import sys
from pathlib import Path

# pysc2 4.0.0 shuffles with an argument that Python 3.11 has dropped.
shuffle = random.shuffle
random.shuffle = lambda items, _=None: shuffle(items)

from absl import flags
from pysc2.agents import base_agent
from pysc2.env import run_loop, sc2_env
from pysc2.lib import actions, features, units

RAW = actions.RAW_FUNCTIONS
OWN, ENEMY = features.PlayerRelative.SELF, features.PlayerRelative.ENEMY


class Marines(base_agent.BaseAgent):
    """Depots, four barracks, marines; attacks with sixteen of them, and with all from then on."""

    def __init__(self):
        super().__init__()
        self.outcomes = []
        self.random = random.Random(1)

    def reset(self):
        super().reset()
        self.attacks = False
        self.next_build = 0

    def place(self):
        """Somewhere about the base: where it does not fit, the next step tries another place."""
        near = [int(c) + self.random.randint(-11, 11) for c in self.home]
        return [min(max(c, 2), 61) for c in near]

    def step(self, obs):
        super().step(obs)
        if obs.last():
            self.outcomes.append(int(obs.reward))
        raw = obs.observation.raw_units
        own = [u for u in raw if u.alliance == OWN]
        of = lambda kind: [u for u in own if u.unit_type == kind]
        hall = of(units.Terran.CommandCenter)
        if not hall:
            return RAW.no_op()
        if obs.first():
            self.home = (hall[0].x, hall[0].y)
        player = obs.observation.player
        scvs, depots, barracks = of(units.Terran.SCV), of(units.Terran.SupplyDepot), of(units.Terran.Barracks)
        builds = self.steps >= self.next_build and len(scvs) > 8
        wants_supply = player.food_cap - player.food_used < 5 and len(depots) < 14
        if builds and wants_supply and player.minerals >= 100 and all(d.build_progress == 100 for d in depots):
            self.next_build = self.steps + 16
            return RAW.Build_SupplyDepot_pt("now", scvs[0].tag, self.place())
        if builds and depots and depots[0].build_progress == 100 and player.minerals >= 150 and len(barracks) < 4:
            self.next_build = self.steps + 16
            return RAW.Build_Barracks_pt("now", scvs[1 + len(barracks)].tag, self.place())
        idle = [b for b in barracks if b.build_progress == 100 and b.order_length == 0]
        if idle and player.minerals >= 50:
            return RAW.Train_Marine_quick("now", [b.tag for b in idle])
        if len(scvs) < 17 and player.minerals >= 50 and hall[0].order_length == 0:
            return RAW.Train_SCV_quick("now", hall[0].tag)
        marines = of(units.Terran.Marine)
        self.attacks = self.attacks or len(marines) >= 16
        if self.attacks and marines and self.steps % 4 == 0:
            seen = [u for u in raw if u.alliance == ENEMY]
            to = (seen[0].x, seen[0].y) if seen else (63 - self.home[0], 63 - self.home[1])
            return RAW.Attack_pt("now", [m.tag for m in marines], to)
        return RAW.no_op()


class Workers(base_agent.BaseAgent):
    def step(self, obs):
        super().step(obs)
        if obs.last():
            self.outcome = int(obs.reward)
        hall = [u for u in obs.observation.raw_units if u.alliance == OWN and u.unit_type == units.Terran.CommandCenter]
        if hall and hall[0].order_length == 0 and obs.observation.player.minerals >= 50:
            return RAW.Train_SCV_quick("now", hall[0].tag)
        return RAW.no_op()


def environment(players, **options):
    interface = features.AgentInterfaceFormat(
        action_space=actions.ActionSpace.RAW, use_raw_units=True, raw_resolution=64, use_feature_units=False
    )
    return sc2_env.SC2Env(
        map_name="Flat64",
        players=players,
        agent_interface_format=interface,
        step_mul=8,
        game_steps_per_episode=30000,
        random_seed=3,
        ensure_available_actions=False,
        **options,
    )


def against_computer():
    replays = Path.cwd() / "replays"
    replays.mkdir()
    players = [sc2_env.Agent(sc2_env.Race.terran), sc2_env.Bot(sc2_env.Race.terran, sc2_env.Difficulty.very_easy)]
    agent = Marines()
    with environment(players, save_replay_episodes=1, replay_dir=str(replays)) as env:
        run_loop.run_loop([agent], env, max_episodes=2)
    saved = len(list(replays.glob("*.SC2Replay")))
    return f"{agent.outcomes}, {saved} replays"


def pair():
    players = [sc2_env.Agent(sc2_env.Race.terran), sc2_env.Agent(sc2_env.Race.terran)]
    agents = [Marines(), Workers()]
    with environment(players) as env:
        run_loop.run_loop(agents, env, max_episodes=1)
    return f"{agents[0].outcomes} {agents[1].outcome}"


if __name__ == "__main__":
    flags.FLAGS(sys.argv[:1])
    print({"computer": against_computer, "pair": pair}[sys.argv[1]](), flush=True)
