"""hashwatt as a check of ReFrame 4: the rate of every series by its mean, true by `hashwatt verify`, a node each with

    reframe -C SITE.py -c hashwatt_check.py -r --exec-policy=async --distribute=idle -S options='--suite quick'

Afterwards `hashwatt fleet collect output` compares the nodes, which is what ReFrame does not. A folder is a node there, so each
result stays in the folder of its case.
"""

import json
import pathlib
import shlex

import reframe as rfm
import reframe.utility.sanity as sn


@rfm.simple_test
class hashwatt(rfm.RunOnlyRegressionTest):
    descr = "hash rate, proven share by share"
    valid_systems = ["*"]
    valid_prog_environs = ["*"]
    # Neighbours on the node would be measured too.
    exclusive_access = True
    time_limit = "30m"
    # The program, and the words of `hashwatt run`; set them with -S.
    program = variable(str, value="hashwatt")
    options = variable(str, value="--suite quick")
    # What a series must reach, such as -S least=sha256d:5e7,keccak256:3e7 in work per second.
    least = variable(str, value="")

    @run_before("run")
    def command(self):
        self.executable = shlex.quote(self.program)
        self.executable_opts = ["run", *(shlex.quote(word) for word in shlex.split(self.options))]
        self.executable_opts += ["--results", ".", "--profiles", "profiles"]
        self.postrun_cmds = [f"{shlex.quote(self.program)} verify 2*.json"]
        self.keep_files = ["2*.json"]

    @sanity_function
    def is_true(self):
        return sn.assert_found(r"\.json: true$", self.stdout)

    @run_before("performance")
    def rates(self):
        (path,) = pathlib.Path(self.stagedir).glob("2*.json")
        goals = dict(goal.split(":") for goal in self.least.split(",") if goal)
        reached = set()
        for summary in json.loads(path.read_text(encoding="utf-8"))["summaries"]:
            series = summary["series"]
            name = "_".join([series["algorithm"], series["device"], series["kernel"], str(series["workers"])])
            unit = summary["work_unit"] + "/s"
            mean = sn.defer(summary["rate_per_s"]["mean"])
            self.perf_variables[name] = sn.make_performance_function(mean, unit)
            if series["algorithm"] in goals:
                reached.add(series["algorithm"])
                self.reference[f"*:{name}"] = (float(goals[series["algorithm"]]), 0, None, unit)
        # A goal that nothing was measured for is not met.
        for algorithm in goals.keys() - reached:
            self.perf_variables[algorithm] = sn.make_performance_function(sn.defer(0.0), "not measured")
            self.reference[f"*:{algorithm}"] = (float(goals[algorithm]), 0, None, "not measured")
