"""The words `cli.py` understands: commands, options and their help, in Chinese or English."""

import argparse
import itertools
from collections.abc import Callable, Mapping, Sequence

from model import outputs, regions
from model.messages import LANGUAGES, catalogue, translate
from model.scenario.checks import suggestion
from model.scenario.paths import FIRST_YEAR, LAST_YEAR

EXAMPLES = {
    "validate": (
        "validate scenarios/baseline.yaml",
        "validate scenarios/open_settling.yaml scenarios/county_towns.yaml --json",
    ),
    "run": (
        "run scenarios/open_settling.yaml",
        "run scenarios/baseline.yaml -o out.nc",
        "run scenarios/baseline.yaml -o out.csv --outputs urbanisation_rate_resident,debt",
    ),
    "compare": (
        "compare scenarios/baseline.yaml scenarios/open_settling.yaml --region qingdao",
        "compare scenarios/baseline.yaml scenarios/county_towns.yaml -o out.nc --end 2050",
    ),
    "sure": (
        "sure scenarios/open_settling.yaml",
        "sure scenarios/baseline.yaml --region yantai --json",
    ),
    "export": ("export scenarios/open_settling.yaml --mdl out.mdl",),
    "calibrate": ("calibrate", "calibrate --resume", "calibrate --through 2023 -o nowcast"),
    "check": ("check", "check --json"),
}
# What argparse says in English, by the message of the catalogues' section `usage` that says it.
ARGPARSE = {translate(f"usage.{key}", "en"): key for key in catalogue("en")["usage"]}
Commands = Mapping[str, Callable[[argparse.Namespace], int]]


def chosen_language(words: Sequence[str]) -> str:
    """Return the language that the words ask for, before they are parsed: help needs it."""
    asked = [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    asked += [after for word, after in itertools.pairwise(words) if word == "--lang"]
    return asked[-1] if asked and asked[-1] in LANGUAGES else "zh"


def helped(key: str, language: str) -> str:
    """Return a help text as argparse wants it, to which a single percent sign is a format."""
    return translate(f"cli.{key}", language).replace("%", "%%")


def parser(commands: Commands, language: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line, its help in `language`.

    `commands` gives the function that each command sets as `command`. Wrong usage ends in exit
    code 2, as argparse does.
    """

    def words(key: str) -> str:
        return translate(f"cli.{key}", language)

    def told(key: str) -> str:
        return helped(key, language)

    def said(text: str) -> str:
        return translate(f"usage.{ARGPARSE[text]}", language) if text in ARGPARSE else text

    # argparse looks its own words up by this name; it has no other way to give them but .mo files.
    argparse.__dict__["_"] = said
    first = [group[0] for group in EXAMPLES.values()]
    top = argparse.ArgumentParser(
        prog="cli.py",
        description=words("description"),
        epilog="\n\n".join([examples(first, language), words("codes")]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--lang", choices=LANGUAGES, default="zh", help=told("lang_help"))
    below = top.add_subparsers(metavar=words("command"), required=True)

    def command(name: str) -> argparse.ArgumentParser:
        each = below.add_parser(
            name,
            help=told(f"{name}_help"),
            description=words(f"{name}_help"),
            epilog=examples(EXAMPLES[name], language),
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        each.set_defaults(command=commands[name], json=False)
        each.add_argument("--lang", choices=LANGUAGES, default="zh", help=told("lang_help"))
        return each

    validate = command("validate")
    validate.add_argument("files", nargs="+", metavar="FILE", help=told("validate_files"))
    run = command("run")
    run.add_argument("file", metavar="FILE", help=told("run_file"))
    compare = command("compare")
    compare.add_argument("files", nargs="+", metavar="FILE", help=told("compare_files"))
    sure = command("sure")
    sure.add_argument("file", metavar="FILE", help=told("run_file"))
    add_region(sure, language)
    export = command("export")
    export.add_argument("file", metavar="FILE", help=told("run_file"))
    export.add_argument("--mdl", required=True, metavar="FILE", help=told("export_mdl"))
    calibrate = command("calibrate")
    add_calibration_options(calibrate, language)
    for each in (run, compare):
        add_result_options(each, language)
    for each in (run, compare, export):
        add_end(each, language)
    for each in (validate, run, compare, sure, calibrate, command("check")):
        each.add_argument("--json", action="store_true", help=told("json_help"))
    return top


def add_result_options(each: argparse.ArgumentParser, language: str) -> None:
    """Add the options that say which results to print or write."""

    def option(*names: str, key: str, **more: object) -> None:
        each.add_argument(*names, help=helped(key, language), **more)  # pyright: ignore

    def output_list(found: str) -> list[str]:
        check = known("unknown_output", outputs(), language)
        return list(dict.fromkeys(check(name.strip()) for name in found.split(",")))

    option("-o", "--output", key="output_help", metavar="FILE")
    option("--outputs", key="outputs_help", metavar="ID,ID,…", type=output_list)
    add_region(each, language)


def known(key: str, allowed: Mapping[str, object], language: str) -> Callable[[str], str]:
    """Return the type of an id, whose error is the message `key` and names the nearest."""

    def check(found: str) -> str:
        if found in allowed:
            return found
        text = translate(f"cli.{key}", language, found=found)
        if near := suggestion(found, list(allowed)):
            text += translate("scenario.nearest", language, nearest=near)
        text += translate("scenario.allowed", language, allowed=", ".join(allowed))
        raise argparse.ArgumentTypeError(text)

    return check


def add_region(each: argparse.ArgumentParser, language: str) -> None:
    """Add the option that names a region."""
    words = helped("region_help", language)
    kind = known("unknown_region", regions(), language)
    each.add_argument("--region", help=words, metavar="ID", type=kind)


def add_calibration_options(each: argparse.ArgumentParser, language: str) -> None:
    """Add the options of the calibration."""

    def words(key: str) -> str:
        return helped(key, language)

    def whole(low: int, high: int) -> Callable[[str], int]:
        def check(found: str) -> int:
            if found.isdecimal() and low <= int(found) <= high:
                return int(found)
            text = translate("cli.bad_number", language, low=low, high=high, found=found)
            raise argparse.ArgumentTypeError(text)

        return check

    each.add_argument("--seed", type=whole(0, 2**31), default=2020, help=words("seed_help"))
    each.add_argument("--draws", type=whole(50, 5000), default=600, help=words("draws_help"))
    each.add_argument("--resume", action="store_true", help=words("resume_help"))
    each.add_argument(
        "--through",
        metavar="YEAR",
        type=whole(2020, 2025),
        default=2020,
        help=words("through_help"),
    )
    each.add_argument("-o", "--output", metavar="FOLDER", help=words("folder_help"))


def add_end(each: argparse.ArgumentParser, language: str) -> None:
    """Add the option that sets the last year."""

    def year(found: str) -> int:
        if found not in map(str, range(FIRST_YEAR, LAST_YEAR + 1)):
            raise argparse.ArgumentTypeError(translate("cli.bad_end", language, found=found))
        return int(found)

    words = helped("end_help", language)
    each.add_argument("--end", metavar="YEAR", type=year, default=2035, help=words)


def examples(lines: tuple[str, ...] | list[str], language: str) -> str:
    """Return the examples at the foot of a help text."""
    shown = "\n".join(f"  python cli.py {line}" for line in lines)
    return f"{translate('cli.examples', language)}\n{shown}"
