# Parley with its managed database. Data lie in /var/lib/parley: mount a volume there.
FROM python:3.13-slim

COPY . /src
RUN PIP_NO_CACHE_DIR=1 sh /src/docker/install.sh / /src \
    && rm -rf /src \
    && useradd --system --uid 10001 --home-dir /var/lib/parley --shell /usr/sbin/nologin parley \
    && chown -R 10001 /var/lib/parley /var/cache/parley

ENV PATH=/opt/parley/venv/bin:$PATH \
    PARLEY_HOST=0.0.0.0 \
    PARLEY_PORT=8000 \
    PARLEY_DATA_DIR=/var/lib/parley \
    PARLEY_CACHE_DIR=/var/cache/parley
USER 10001
EXPOSE 8000
VOLUME ["/var/lib/parley", "/var/cache/parley"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["parley", "up"]
