# One image for every role: `acerto api`, `acerto worker`, `acerto migrate`; `acerto up` for all in one.

# --- the wheel, with the assets that its build hook fetches -------------------------------------------
FROM python:3.11.15-slim AS wheel
WORKDIR /src
COPY . .
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheel .

# --- what runs --------------------------------------------------------------------------------------
FROM python:3.11.15-slim
RUN useradd --uid 10001 --create-home acerto \
    && install --directory --owner acerto --group acerto /data

# The dependencies change seldom: a layer of their own, above which a new version is a small one.
COPY runtime.lock /tmp/
RUN pip install --no-cache-dir --require-hashes -r /tmp/runtime.lock

COPY --from=wheel /wheel /tmp/wheel
RUN pip install --no-cache-dir --no-deps /tmp/wheel/*.whl

ENV PYTHONUNBUFFERED=1 \
    ACERTO_HOST=0.0.0.0 \
    ACERTO_PORT=8000 \
    ACERTO_DATA=/data \
    ACERTO_LOG_JSON=true
USER acerto
WORKDIR /data
VOLUME /data
EXPOSE 8000

# Of `acerto api` and `acerto up`; a worker has no port and is checked as docker-compose.yml does.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=4)"]

CMD ["acerto", "api"]
