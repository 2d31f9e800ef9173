"""Usage and its errors are said in the user's language, argparse's own words included."""

import re

import pytest

import cli

ENGLISH = re.compile(r"\b(usage|error|argument|arguments|options|invalid|expected|show|choose)\b")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run"], "缺少参数：FILE"),
        (["run", "a.yaml", "b.yaml"], "无法识别的参数：b.yaml"),
        (["run", "a.yaml", "--end"], "需要一个值"),
        (["run", "a.yaml", "--lang", "xx"], "无效选项 'xx'（可选：'zh', 'en'）"),
        (["run", "a.yaml", "--json=3"], "此选项不带值：'3'"),
        (["validate"], "缺少参数：FILE"),
        (["nonsense"], "无效选项 'nonsense'"),
        ([], "缺少参数：命令"),
    ],
)
def test_wrong_usage_is_told_in_chinese(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main(words)
    assert end.value.code == 2
    found = capsys.readouterr().err
    assert told in found
    assert found.startswith("用法：cli.py")
    assert not ENGLISH.search(found)


@pytest.mark.parametrize("command", [[], *([name] for name in cli.COMMANDS)])
def test_help_is_all_chinese(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        cli.main([*command, "--help"])
    assert end.value.code == 0
    found = capsys.readouterr().out
    assert "显示本帮助并退出" in found
    assert not ENGLISH.search(found)


def test_english_follows_chinese_in_one_process(capsys: pytest.CaptureFixture[str]) -> None:
    for language, told in (("zh", "缺少参数"), ("en", "the following arguments are required")):
        with pytest.raises(SystemExit):
            cli.main(["run", f"--lang={language}"])
        assert told in capsys.readouterr().err
