"""The terminal's front door: one command per job.

Exit codes: 0 done, 1 invalid input or a file that cannot be written, 2 wrong usage, 3 the model
failed, 130 interrupted.
"""

import argparse
import io
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from cli_output import (
    ModelFailure,
    Refused,
    checked_output,
    complain,
    fail,
    note_same,
    print_json,
    problem_data,
    report_problems,
    written,
)
from cli_parser import chosen_language, parser
from model import Scenario, ScenarioError, load_scenario, outputs
from model.messages import translate
from model.rows import TableError

if TYPE_CHECKING:
    import xarray as xr

START = 2020


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; no error a user can cause ends in a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = chosen_language(words)
    as_json = "--json" in words
    try:
        options = parser(COMMANDS, language).parse_args(words)
        options.lang, options.words = language, words
        return options.command(options)
    except ScenarioError as error:
        return report_problems(error, language, as_json)
    except (Refused, TableError) as error:
        return fail("cli.error", language, 1, as_json, message=error)
    except ModelFailure as error:
        return fail("cli.model_failure", language, 3, as_json, detail=error)


def validate(options: argparse.Namespace) -> int:
    """Check scenario files; print each resolved, or everything that is wrong with it."""
    results, code = [], 0
    for name in options.files:
        try:
            scenario = load_scenario(name)
        except ScenarioError as error:
            code = 1
            results.append({"file": name, **problem_data(error, options.lang)})
            if not options.json:
                print(error.render(options.lang), file=sys.stderr)
                complain("cli.refused", options.lang, 1, count=len(error.problems))
            continue
        text = scenario.to_yaml()
        fingerprint = scenario.fingerprint
        results.append({"file": name, "valid": True, "fingerprint": fingerprint, "resolved": text})
        if not options.json:
            print(f"# {translate('cli.valid', options.lang, file=name)}\n# {fingerprint}\n{text}")
    if options.json:
        print_json(results)
    return code


def run(options: argparse.Namespace) -> int:
    """Run one scenario; print its targets and results, or write them to a file."""
    return run_all([load_scenario(options.file)], options)


def compare(options: argparse.Namespace) -> int:
    """Run several scenarios as one batch; print what differs, or write them to a file."""
    if len(options.files) < 2:
        raise Refused(translate("cli.few_scenarios", options.lang))
    problems, scenarios = [], []
    for name in options.files:
        try:
            scenarios.append(load_scenario(name))
        except ScenarioError as error:
            problems += error.problems
    if problems:
        raise ScenarioError(problems)
    note_same(scenarios, options.lang)
    return run_all(scenarios, options)


def run_all(scenarios: list[Scenario], options: argparse.Namespace) -> int:
    """Simulate the scenarios; write the file asked for, print the report or the JSON."""
    from analysis import text_report as report
    from analysis.targets import relevant_targets

    target_file = checked_output(options.output, (".nc", ".csv"), options.lang)
    region = options.region or scenarios[0].region
    printed = [
        name
        for name in options.outputs or report.MAIN_OUTPUTS
        if outputs()[name].dims == ("region",)
    ]
    unprinted = [name for name in options.outputs or () if name not in printed]
    if unprinted and not target_file:
        complain("cli.not_printed", options.lang, 0, names=", ".join(unprinted))
    needed = [*printed, *(target.output for target in relevant_targets(region))]
    wanted = options.outputs or (default_outputs(target_file) if target_file else [])
    dataset = simulated(scenarios, [*wanted, *needed], options.end)
    runs = [dataset.isel(scenario=index) for index in range(len(scenarios))]
    if target_file:
        kept = dataset if len(scenarios) > 1 else runs[0].drop_vars("scenario")
        write_file(kept[wanted], target_file, scenarios, options)
    years = [year for year in (START, 2025, 2030, 2035) if year <= options.end]
    years += [options.end] if options.end not in years else []
    if options.json:
        each = zip(runs, scenarios, strict=True)
        found = [report.run_data(one, scenario, printed, region, years) for one, scenario in each]
        print_json(found if len(found) > 1 else found[0])
    elif not target_file:
        print(report.report_text(runs, scenarios, printed, region, years, options.lang))
    return 0


def default_outputs(path: Path) -> list[str]:
    """Return what a file holds unless told otherwise: everything; in a CSV, whose tables by age
    and status would outgrow Excel, everything that is one figure per region and year."""
    return [
        name
        for name, output in outputs().items()
        if path.suffix == ".nc" or output.dims == ("region",)
    ]


def simulated(scenarios: list[Scenario], names: Iterable[str], end: int) -> "xr.Dataset":
    """Return the scenarios' run, with a `scenario` dimension. Raises ModelFailure."""
    from engine import EngineError
    from model import InvariantError, simulate

    try:
        return simulate(scenarios, outputs=list(dict.fromkeys(names)), start=START, end=end)
    except (EngineError, InvariantError) as error:
        raise ModelFailure(error) from error


def write_file(
    dataset: "xr.Dataset", path: Path, scenarios: list[Scenario], options: argparse.Namespace
) -> None:
    """Write the results and their manifest, and say so."""
    from analysis.export import write_results

    command = ["cli.py", *options.words]
    beside = written(
        lambda: write_results(dataset, path, scenarios, command, options.lang), path, options.lang
    )
    for each in (path, beside):
        complain("cli.wrote", options.lang, 0, file=each)


def sure(options: argparse.Namespace) -> int:
    """Print how sure a scenario's results are: bands, chances, and what outweighs a band."""
    from analysis import text_sureness as report
    from calibration.posterior import is_current, posterior
    from engine import EngineError
    from model import InvariantError

    scenario = load_scenario(options.file)
    region = options.region or scenario.region
    if not is_current(posterior()):
        raise Refused(translate("cli.draws_stale", options.lang))
    try:
        found = report.sureness(scenario, region)
    except (EngineError, InvariantError) as error:
        raise ModelFailure(error) from error
    if options.json:
        print_json(report.sureness_data(found, scenario, region))
    else:
        print(report.sureness_text(found, region, options.lang))
    return 0


def export(options: argparse.Namespace) -> int:
    """Write the whole model with a scenario's values as one .mdl file."""
    from analysis.export import write_text
    from model.export import model_text

    scenario = load_scenario(options.file)
    path = checked_output(options.mdl, (".mdl",), options.lang)
    assert path is not None
    text = model_text(scenario, start=START, end=options.end)
    written(lambda: write_text(path, text), path, options.lang)
    return complain("cli.wrote", options.lang, 0, file=path)


def calibrate(options: argparse.Namespace) -> int:
    """Fit the model to the figures until 2020 again and write the calibration's tables."""
    from calibration.calibrate import Settings
    from calibration.calibrate import calibrate as work
    from calibration.posterior import FOLDER
    from calibration.progress import Progress
    from engine import EngineError

    if options.through > START and not options.output:
        raise Refused(translate("cli.nowcast_folder", options.lang))
    folder = Path(options.output) if options.output else FOLDER
    settings = Settings(options.seed, options.draws, options.through, options.resume, folder)
    try:
        with Progress(options.lang) as progress:
            manifest = written(lambda: work(settings, progress.report), folder, options.lang)
    except (EngineError, RuntimeError) as error:
        raise ModelFailure(error) from error
    if options.json:
        print_json(manifest)
    else:
        for name in ("label", "fingerprint", "r_hat_largest", "effective_sample_size_smallest"):
            print(f"{name}: {manifest[name]}")
    return complain("cli.wrote", options.lang, 0, file=folder)


def check(options: argparse.Namespace) -> int:
    """Check the model itself: its tables, and the units of its equations and outputs."""
    from engine import ReadError
    from model.tables import MODEL_FILE, check_tables
    from model.unit_check import unit_faults

    check_tables()
    try:
        faults = unit_faults()
    except ReadError as error:
        raise ModelFailure(error) from error
    if options.json:
        print_json([asdict(fault) for fault in faults])
    for fault in [] if options.json else faults:
        print(fault.message(options.lang))
    key = "cli.units_differ" if faults else "cli.units_fit"
    return complain(key, options.lang, int(bool(faults)), file=MODEL_FILE.name, count=len(faults))


COMMANDS = {
    "validate": validate,
    "run": run,
    "compare": compare,
    "sure": sure,
    "export": export,
    "calibrate": calibrate,
    "check": check,
}


def terminated(number: int, frame: FrameType | None) -> None:
    """Turn a request to stop into an exit that cleans up half-written files."""
    raise SystemExit(128 + number)


def start() -> int:
    """Run from a shell: UTF-8 on every system, and a quiet end when interrupted or unread."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), terminated)
    try:
        code = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader has seen enough, as with `| head`; nothing is left to say, even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(start())
