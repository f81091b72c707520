#!/bin/sh
# 온누리 상담 어시스트를 네트워크 없이 설치하고, 판을 올리고, 되돌립니다.
#
#   sh install.sh [--prefix 폴더] [--home 폴더]     설치하거나 판을 올립니다. 여러 번 실행해도 됩니다
#   sh install.sh --rollback [--prefix 폴더]        바로 전 판으로 되돌립니다
#
# prefix/releases/<판>/  one Python environment a release, never changed once installed
# prefix/current, previous  links to the release in use and the one before it
# prefix/onnuri.env      the settings, for the service and the command line alike; never overwritten
# prefix/bin/onnuri      the command
# home/                  the data; the models are put there, nothing else in it is touched
set -eu

prefix=/opt/onnuri
home=
wanted=install
bundle=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

fail() {
    printf '오류: %s\n' "$1" >&2
    exit 1
}

say() {
    printf '%s\n' "$1"
}

value_of() { # one line NAME=VALUE of the bundle's description
    sed -n "s/^$1=//p" "$bundle/BUNDLE"
}

# --- before anything of the bundle is run -----------------------------------------------------------------------

verify() {
    command -v sha256sum >/dev/null || fail "sha256sum이 없어 꾸러미를 확인할 수 없습니다. coreutils를 설치하세요."
    [ -f "$bundle/SHA256SUMS" ] || fail "$bundle 에 SHA256SUMS가 없습니다. 꾸러미를 통째로 풀어 그 안의 install.sh를 실행하세요."
    say "꾸러미의 체크섬을 확인합니다."
    damaged=$(cd "$bundle" && sha256sum --check --quiet SHA256SUMS 2>/dev/null | sed -n '1s/: .*//p') || true
    [ -z "$damaged" ] || fail "꾸러미가 온전하지 않습니다($damaged). 처음 만든 곳에서 다시 복사하세요."
    unlisted=$(cd "$bundle" && find . ! -type d ! -path ./SHA256SUMS |
        awk 'NR == FNR {listed["./" substr($0, 67)]; next} !($0 in listed) {print; exit}' SHA256SUMS -)
    [ -z "$unlisted" ] || fail "꾸러미에 없던 파일이 있습니다($unlisted). 꾸러미를 새 폴더에 다시 푸세요."
}

find_python() {
    version=$(value_of python)
    for python in "${PYTHON:-}" "python$version" python3; do
        found=$("$python" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
        [ "$found" = "$version" ] && return
    done
    fail "Python $version 이 없습니다. 이 꾸러미는 Python $version 용이니 python$version 을 설치하거나 PYTHON=경로로 알려 주세요."
}

check_machine() {
    machine=$(uname -m)
    [ "$machine" = "$(value_of machine)" ] || fail "이 꾸러미는 $(value_of machine)용이고 이 컴퓨터는 $machine 입니다. 같은 종류의 컴퓨터에서 만든 꾸러미를 쓰세요."
    mkdir -p "$prefix/releases" "$prefix/bin" 2>/dev/null || fail "$prefix 에 쓸 수 없습니다. root로 실행하거나 --prefix로 쓸 수 있는 폴더를 정하세요."
    free=$(df -Pk "$prefix" | awk 'NR == 2 {print int($4 / 1024)}')
    [ "$free" -ge "$(value_of needs_mb)" ] || fail "$prefix 에 ${free}MB만 남았습니다. $(value_of needs_mb)MB 넘게 비운 뒤 다시 실행하세요."
}

# --- settings and data ------------------------------------------------------------------------------------------

settle_settings() {
    if [ -f "$prefix/onnuri.env" ]; then
        kept=$(sed -n 's/^ONNURI_HOME=//p' "$prefix/onnuri.env")
        [ -n "$kept" ] || fail "$prefix/onnuri.env 에 ONNURI_HOME이 없습니다. ONNURI_HOME=데이터폴더 한 줄을 적어 주세요."
        [ -z "$home" ] || [ "$home" = "$kept" ] || fail "이미 $kept 를 데이터 폴더로 씁니다. 옮기려면 서버를 멈추고 폴더를 옮긴 뒤 $prefix/onnuri.env 의 ONNURI_HOME을 고치세요."
        home=$kept
    fi
    home=${home:-/var/lib/onnuri}
    mkdir -p "$home/models" 2>/dev/null || fail "데이터 폴더 $home 에 쓸 수 없습니다. root로 실행하거나 --home으로 쓸 수 있는 폴더를 정하세요."
    if [ ! -f "$prefix/onnuri.env" ]; then
        (umask 077 && printf 'ONNURI_HOME=%s\nONNURI_LLM=%s\n' "$home" "$(value_of llm)" >"$prefix/onnuri.env.new")
        as_owner_of_home "$prefix/onnuri.env.new"
        mv "$prefix/onnuri.env.new" "$prefix/onnuri.env"
    fi
}

as_owner_of_home() { # what root installs belongs to whoever owns the data
    [ "$(id -u)" -ne 0 ] || chown -R "$(stat -c %u:%g "$home")" "$@"
}

is_same_model() { # of a new model every file is there; a server may have put more beside them
    [ -d "$2" ] && ! LC_ALL=C diff -rq "$1" "$2" | grep -qv "^Only in $2"
}

put_models() {
    for packed in "$bundle"/models/*.tar.gz; do
        name=$(basename "$packed" .tar.gz)
        fresh=$home/models/.$name.new
        rm -rf "$fresh"
        mkdir "$fresh"
        tar -xzf "$packed" -C "$fresh" || fail "모델 $name 을 풀지 못했습니다. $home 의 빈 공간을 확인한 뒤 다시 실행하세요."
        if ! is_same_model "$fresh/$name" "$home/models/$name"; then
            say "모델을 넣습니다: $name"
            rm -rf "$home/models/${name:?}"
            mv "$fresh/$name" "$home/models/$name"
        fi
        rm -rf "$fresh"
    done
    for file in "$bundle"/models/*.gguf; do
        name=$(basename "$file")
        [ -f "$file" ] || continue # a bundle without an LLM
        ! cmp -s "$file" "$home/models/$name" || continue
        say "모델을 넣습니다: $name"
        cp "$file" "$home/models/.$name.new" || fail "모델 $name 을 복사하지 못했습니다. $home 의 빈 공간을 확인한 뒤 다시 실행하세요."
        mv "$home/models/.$name.new" "$home/models/$name"
    done
    as_owner_of_home "$home/models"
}

# --- one release -------------------------------------------------------------------------------------------------

make_release() {
    release=$prefix/$new
    [ ! -f "$release/complete" ] || return 0
    say "Python 환경을 만듭니다: $release"
    rm -rf "$release"
    "$python" -I -m venv --without-pip "$release" || fail "$release 에 Python 환경을 만들지 못했습니다. python$version 의 venv 모듈과 빈 공간을 확인하세요."
    PIP_CONFIG_FILE=/dev/null "$release/bin/python" "$(echo "$bundle"/wheels/pip-*.whl)/pip" --isolated install --quiet \
        --no-index --find-links "$bundle/wheels" --no-deps --require-hashes --no-compile --disable-pip-version-check --root-user-action ignore \
        --requirement "$bundle/requirements.txt" || fail "꾸러미의 패키지를 설치하지 못했습니다. 위에 적힌 이유를 확인하세요."
    "$release/bin/python" -m compileall -q -j 0 "$release/lib" >/dev/null 2>&1 || true # a template in a package is no Python
    cp "$bundle/install.sh" "$bundle/BUNDLE" "$release/"
    write_command
    touch "$release/complete"
}

write_command() {
    cat >"$release/onnuri" <<END
#!/bin/sh
# onnuri with this installation's settings, as the account that its data belongs to
set -a
. '$prefix/onnuri.env' || exit 1
set +a
if [ "\$(id -u)" -eq 0 ] && owner=\$(stat -c %U "\$ONNURI_HOME") && [ "\$owner" != root ]; then
    exec runuser -u "\$owner" -- '$release/bin/onnuri' "\$@"
fi
exec '$release/bin/onnuri' "\$@"
END
    chmod 755 "$release/onnuri"
}

examine() { # a release that has something to replace must do as well with its data
    if [ -n "$used" ] && [ "$used" != "$new" ] && [ -f "$home/current" ]; then
        say "새 판으로 설치 상태를 살펴봅니다."
        "$release/onnuri" doctor || fail "새 판이 점검을 통과하지 못해 쓰던 판을 그대로 둡니다. 위에 적힌 onnuri 명령을 새 판($release/onnuri)으로 실행해 고친 뒤 다시 실행하세요."
    else
        "$release/onnuri" --help >/dev/null || fail "설치한 판이 실행되지 않습니다. 위에 적힌 이유를 확인하세요."
    fi
}

point() { # the link $1 at the release $2, in one step
    ln -sfn "$2" "$prefix/.$1.new"
    mv -T "$prefix/.$1.new" "$prefix/$1"
}

activate() {
    if [ "$used" != "$new" ]; then
        [ -z "$used" ] || point previous "$used"
        point current "$new"
    fi
    ln -sfn ../current/onnuri "$prefix/bin/onnuri"
    for old in "$prefix"/releases/*; do
        case releases/$(basename "$old") in
            "$new" | "$(readlink "$prefix/previous" || true)") ;;
            *) rm -rf "$old" ;;
        esac
    done
}

install() {
    verify
    find_python
    check_machine
    settle_settings
    put_models
    new=releases/$(value_of release)
    used=$(readlink "$prefix/current" || true)
    make_release
    examine
    activate
    say "설치했습니다: $(value_of release), 명령 $prefix/bin/onnuri, 데이터 $home"
    if [ -n "$used" ]; then
        say "서버를 다시 시작하세요: systemctl restart 'onnuri@*'"
    else
        say "다음으로 $prefix/bin/onnuri kb import 자료폴더, index build, user add 이름 --role admin을 차례로 실행하세요."
    fi
}

rollback() {
    used=$(readlink "$prefix/current") || fail "$prefix 에 설치된 판이 없습니다. --prefix로 설치한 폴더를 알려 주세요."
    old=$(readlink "$prefix/previous") || fail "되돌릴 판이 없습니다. 판을 한 번도 올리지 않았습니다."
    "$prefix/$old/onnuri" doctor || fail "바로 전 판이 지금 데이터로 점검을 통과하지 못해 그대로 둡니다. 위에 적힌 대로 고치거나 백업에서 되살리세요."
    point current "$old"
    point previous "$used"
    say "되돌렸습니다: ${old#releases/}. 서버를 다시 시작하세요: systemctl restart 'onnuri@*'"
}

while [ $# -gt 0 ]; do
    case $1 in
        --rollback) wanted=rollback ;;
        --prefix | --home)
            [ $# -ge 2 ] || fail "$1 다음에 폴더를 적으세요."
            case $2 in /*) ;; *) fail "$1 에는 /로 시작하는 경로를 적으세요. 받은 값: $2" ;; esac
            case $2 in *\'* | *' '*) fail "$1 의 경로에는 빈칸과 따옴표를 쓸 수 없습니다. 받은 값: $2" ;; esac
            if [ "$1" = --prefix ]; then prefix=$2; else home=$2; fi
            shift
            ;;
        *) fail "모르는 인자입니다: $1. 쓸 수 있는 것: --prefix 폴더, --home 폴더, --rollback" ;;
    esac
    shift
done
"$wanted"
