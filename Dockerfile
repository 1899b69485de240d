# One image for web, worker, beat and the commands that prepare the database.
FROM python:3.11.14-slim-trixie AS build
WORKDIR /app
COPY requirements.txt .
RUN python -m venv /venv \
 && /venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt
COPY . .
# Neither command reaches a database or Redis; the settings only want to be told of some.
RUN export DATABASE_URL=postgresql://build@db/build REDIS_URL=redis://build SECRET_KEY=build \
           DATA_DIR=/srv/dialogue BASE_URL=https://build.invalid ALLOWED_HOSTS=build.invalid \
 && /venv/bin/python manage.py compilecatalogue \
 && /venv/bin/python manage.py collectstatic --no-input

FROM python:3.11.14-slim-trixie
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DATA_DIR=/srv/dialogue KEYS_DIR=/keys ERASED_DIR=/erased HOST=0.0.0.0
# A new volume takes over the owner and mode of the folder that it covers.
RUN useradd --system --uid 10001 --no-create-home dialogue \
 && install -d -m 0700 -o dialogue -g dialogue /keys/web /keys/worker /erased
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build /srv/dialogue/static /srv/dialogue/static
WORKDIR /app
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-m", "config.health"]
CMD ["granian", "config.wsgi:application", "--interface", "wsgi", "--http", "1", "--no-ws", "--host", "0.0.0.0", \
     "--port", "8000", "--workers", "2", "--blocking-threads", "4", "--log-level", "warning"]
