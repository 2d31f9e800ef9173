"""How the draws were made, how good they are, and the versions and hashes behind every figure."""

import platform
from importlib.metadata import version

import streamlit as st

from analysis.provenance import PACKAGES, combined, hashes, model_files, project_version
from calibration.posterior import FOLDER, posterior
from model.simulation import model_fingerprint
from views import markup
from views.language import t
from views.sureness import available

CALIBRATED = ("*.csv", "*.json")


def section() -> None:
    """Draw the section."""
    st.subheader(t("versions.draws"), anchor=False)
    st.caption(t("versions.draws_note"))
    markup.show(markup.table([t("versions.what"), t("versions.value")], diagnostics(), ""))
    st.subheader(t("versions.title"), anchor=False)
    markup.show(markup.table([t("versions.what"), t("versions.value")], versions(), ""))
    markup.show(markup.folded(t("versions.files"), files_table()))


def diagnostics() -> list[list[str]]:
    """Return the posterior's manifest in words."""
    found = posterior().manifest
    acceptance = found["acceptance"]
    values = {
        "label": t("versions.through", year=found["through"]),
        "figures": found["figures"],
        "parameters": found["parameters"],
        "starts": ", ".join(f"{loss:.2f}" for loss in found["losses_of_starts"]),
        "rank": t(
            "versions.ranks", figures=found["rank_of_figures"], priors=found["rank_with_priors"]
        ),
        "condition": f"{found['condition_with_priors']:g}",
        "chains": t("versions.chains_of", chains=found["chains"], steps=found["steps"]),
        "acceptance": f"{min(acceptance):.2f} – {max(acceptance):.2f}",
        "r_hat": f"{found['r_hat_largest']:.3f}",
        "sample": t(
            "versions.sizes",
            smallest=found["effective_sample_size_smallest"],
            median=found["effective_sample_size_median"],
        ),
        "kept": t("versions.kept_of", draws=found["draws"], distinct=found["distinct_draws"]),
        "seed": found["seed"],
    }
    return [[t(f"versions.{key}"), str(value)] for key, value in values.items()]


def versions() -> list[list[str]]:
    """Return versions and fingerprints."""
    manifest = posterior().manifest
    state = "current" if available() else "outdated"
    rows = [
        ["rendiqian", project_version()],
        [t("versions.model"), model_fingerprint()],
        [t("versions.data"), combined(hashes(model_files()))],
        [
            t("versions.calibration"),
            manifest["fingerprint"] + " · " + t(f"versions.{state}"),
        ],
        ["Python", platform.python_version()],
    ]
    return rows + [[package, version(package)] for package in PACKAGES]


def files_table() -> str:
    """Return the hash of every file that decides a figure."""
    calibrated = sorted(path for pattern in CALIBRATED for path in FOLDER.glob(pattern))
    rows = [[path, digest] for path, digest in hashes([*model_files(), *calibrated]).items()]
    return markup.table([t("versions.file"), "SHA-256"], rows, t("versions.files_note"))
