"""Writes what shells complete the command line with, from the program's --help, which is made of its tables of options.

Usage: make_completions.py PROGRAM OUTPUT    (OUTPUT/bash-completion, zsh and fish are made)
"""
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "man"))
from program_help import commands_of, help_of, overview_of  # noqa: E402

BEFORE_A_COMMAND = {("run",), ("doctor",), ("manifest", "learn")}  # the program's own options come after these
NOT_LISTED = {("report",): ["diff"]}  # commands that a command's help tells of elsewhere


class Option:
    """An option as --help shows it: "-f, --format=FORMAT"."""

    def __init__(self, names, text):
        self.text = text
        self.letter, self.name, self.value = re.fullmatch(r"(?:-(.))?(?:, )?(?:--([\w-]+))?(?:\[?=(.*?)\]?)?", names).groups()

    def names(self):
        return [f"-{self.letter}"] * bool(self.letter) + [f"--{self.name}"] * bool(self.name)

    def words(self):
        """The words that it takes; none: others."""
        if self.value == "FORMAT":
            return re.findall(r"(?:^|; )(\w+)(?: \(default\))?: ", self.text)
        return self.value.split("|") if "|" in (self.value or "") else []

    def kind(self):
        """What else it takes."""
        value = self.value or ""
        return next((kind for word, kind in (("FILE", "file"), ("DIR", "folder"), ("MANIFEST", "manifest"), ("PID", "process"))
                     if word in value), "")


def read(program):
    """Per command, as a tuple of its words: its own commands with what they are for, and its options."""
    tree, overview = {(): (commands_of(overview_of(program)), [])}, commands_of(overview_of(program))
    waiting = [(name,) for name, _ in overview if name not in ("help", "version")]
    while waiting:
        command = waiting.pop()
        _, _, options, notes = help_of(program, *command)
        inner = commands_of("\n\n".join(notes)) + [(name, "") for name in NOT_LISTED.get(command, [])]
        waiting += [(*command, name) for name, _ in inner]
        tree[command] = inner, [Option(names, text) for names, text in options]
    return tree


# --- bash ---

BASH = r"""# bash completion for handleguard; made by make_completions.py

_handleguard_words() {
    case $1 in
@options@
    esac
}

_handleguard_values() {
    case $1 in
@values@
    esac
}

# What a path of commands goes on with.
_handleguard_commands() {
    case $1 in
@commands@
    esac
}

_handleguard() {
    local word=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD-1]} command= next at=1 kind
    COMPREPLY=()
    if [ "$word" = = ]; then
        word=
    elif [ "$option" = = ]; then
        option=${COMP_WORDS[COMP_CWORD-2]}
    fi
    while [ $at -lt $COMP_CWORD ]; do
        next=${COMP_WORDS[at]}
        case " $(_handleguard_commands "$command") " in
            *" $next "*) command="${command:+$command }$next" ;;
            *) break ;;
        esac
        at=$((at + 1))
    done
    while [ $at -lt $COMP_CWORD ]; do
        if [ "${COMP_WORDS[at]}" = -- ]; then
            if [ $((at + 1)) -eq $COMP_CWORD ]; then
                COMPREPLY=($(compgen -c -- "$word"))
            else
                COMPREPLY=($(compgen -f -- "$word"))
            fi
            return
        fi
        at=$((at + 1))
    done
    kind=$(_handleguard_values "$command $option")
    case $kind in
        file) COMPREPLY=($(compgen -f -- "$word")) ;;
        folder) COMPREPLY=($(compgen -d -- "$word")) ;;
        manifest) COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" manifest list 2>/dev/null | cut -d ' ' -f 1)" -- "$word")
                             $(compgen -f -X '!*.yaml' -- "$word")) ;;
        process) COMPREPLY=($(compgen -W "$(cd /proc && echo [0-9]*)" -- "$word")) ;;
        ?*) COMPREPLY=($(compgen -W "$kind" -- "$word")) ;;
        '') case $word in
                -*) COMPREPLY=($(compgen -W "$(_handleguard_words "$command")" -- "$word")) ;;
                *) COMPREPLY=($(compgen -W "$(_handleguard_commands "$command")" -- "$word"))
                   [ -z "$command" ] || COMPREPLY+=($(compgen -f -- "$word")) ;;
            esac ;;
    esac
}

complete -o filenames -F _handleguard handleguard
"""


def bash(tree):
    options, values, commands = [], [], []
    for command, (inner, own) in sorted(tree.items()):
        name = " ".join(command)
        if inner:
            commands.append(f"        '{name}') echo '{' '.join(word for word, _ in inner)}' ;;")
        if own:
            options.append(f"        '{name}') echo '{' '.join(f'--{option.name}' for option in own if option.name)}' ;;")
        for option in own:
            told = " ".join(option.words()) or option.kind()
            if told:
                values.append(f"        {'|'.join(repr(f'{name} {each}') for each in option.names())}) echo '{told}' ;;")
    return (BASH.replace("@options@", "\n".join(options)).replace("@values@", "\n".join(values))
            .replace("@commands@", "\n".join(commands)))


# --- zsh ---

ZSH_VALUES = {"file": "_files", "folder": "_files -/", "manifest": "_handleguard_manifests", "process": "_pids", "": " "}


def zsh_text(text):
    return re.sub(r"([\[\]:'\\])", lambda mark: {"'": "’"}.get(mark[0], "\\" + mark[0]), text)


def zsh_option(option):
    value = ""
    if option.value:
        words = option.words()
        value = f":{zsh_text(option.value)}:{'(' + ' '.join(words) + ')' if words else ZSH_VALUES[option.kind()]}"
    return " ".join(f"'*{name}{('=' if name[1] == '-' else '+') if option.value else ''}[{zsh_text(option.text)}]{value}'"
                    for name in option.names())


def zsh(tree):
    text = "#compdef handleguard\n# zsh completion for handleguard; made by make_completions.py\n\n"
    text += "_handleguard_manifests() {\n    local -a names\n"
    text += "    names=(${${(f)\"$(handleguard manifest list 2>/dev/null)\"}%% *})\n"
    text += "    _alternative \"manifests:manifest:($names)\" 'files:file:_files -g \"*.yaml\"'\n}\n\n"
    for command, (inner, own) in sorted(tree.items()):
        name = "_".join(("_handleguard", *command))
        rest = "'*::argument:_normal'" if command in BEFORE_A_COMMAND else "'*:file:_files'"
        text += f"{name}() {{\n"
        if inner:
            listed = " ".join(f"'{word}:{zsh_text(what)}'" for word, what in inner)
            text += f"    local -a commands\n    commands=({listed})\n"
            text += f"    if (( CURRENT > 2 )) && [[ -n ${{commands[(r)$words[2]:*]}} ]]; then\n        shift words\n"
            text += f"        (( CURRENT-- ))\n        (( $+functions[{name}_$words[1]] )) && {name}_$words[1]\n        return\n    fi\n"
            text += "    if (( CURRENT == 2 )); then\n        _describe command commands\n    fi\n"
        if own:
            text += f"    _arguments -s {' '.join(map(zsh_option, own))} {rest}\n"
        text += "}\n\n"
    return text + '_handleguard "$@"\n'


# --- fish ---

FISH_VALUES = {"file": " -r -F", "folder": " -x -a '(__fish_complete_directories)'", "process": " -x -a '(__fish_complete_pids)'",
               "manifest": " -r -F -a '(handleguard manifest list 2>/dev/null | string replace -r \" .*\" \"\")'", "": " -x"}


def fish_text(text):
    return text.replace("\\", "\\\\").replace("'", "\\'")


def fish(tree):
    text = "# fish completion for handleguard; made by make_completions.py\n\n"
    for command, (inner, own) in sorted(tree.items()):
        others = " ".join(word for word, _ in inner)
        here = "; and ".join(["__fish_seen_subcommand_from " + word for word in command]) or "true"
        if inner:
            text += "".join(f"complete -c handleguard{' -f' if not command else ''} -n '{here}; and not __fish_seen_subcommand_from "
                            f"{others}' -a {word} -d '{fish_text(what)}'\n" for word, what in inner)
        for option in own:
            words = option.words()
            value = f" -x -a '{' '.join(words)}'" if words else FISH_VALUES[option.kind()] if option.value else ""
            names = (f" -s '{option.letter}'" if option.letter else "") + (f" -l {option.name}" if option.name else "")
            text += f"complete -c handleguard -n '{here}'{names}{value} -d '{fish_text(option.text)}'\n"
    return text


def main():
    program, output = sys.argv[1:]
    tree = read(program)
    for path, text in (("bash-completion/completions/handleguard", bash(tree)), ("zsh/site-functions/_handleguard", zsh(tree)),
                       ("fish/vendor_completions.d/handleguard.fish", fish(tree))):
        file = pathlib.Path(output) / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


main()
