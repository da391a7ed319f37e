# Everything is installed as ready wheels of known hash; no stage compiles.
FROM python:3.11.14-slim-bookworm AS build
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /opt/madoguchi \
 && /opt/madoguchi/bin/pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/run.txt \
 && pip install --no-cache-dir --only-binary :all: --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY bot/ bot/
COPY dialogs/ dialogs/
COPY storage/ storage/
COPY locales/ locales/
RUN pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/madoguchi/bin/pip install --no-cache-dir --no-deps --no-index /wheels/*.whl \
 && /opt/madoguchi/bin/python -m pip uninstall --quiet --yes pip setuptools

FROM python:3.11.14-slim-bookworm
# var/ holds the database of a small desk, keys/ the vault's: two volumes, so that no backup holds both.
RUN useradd --system --uid 10001 --create-home --home-dir /srv/madoguchi madoguchi \
 && install -d -o madoguchi -g madoguchi -m 0700 /srv/madoguchi/var /srv/madoguchi/keys
COPY --from=build /opt/madoguchi /opt/madoguchi
ENV PATH=/opt/madoguchi/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /srv/madoguchi
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["madoguchi", "serve", "--host", "0.0.0.0", "--port", "8000"]
