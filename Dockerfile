# One image for web, worker, beat and migrations; docker-compose.yml says which is which.

FROM node:22-slim AS frontend
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim AS build
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements/base.txt requirements/base.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/base.txt
COPY . .
COPY --from=frontend /app/node_modules node_modules
RUN python -m bpm_portal.vendor --installed \
    && python -m bpm_portal.catalogues \
    && STATIC_FROM_SOURCE=false python manage.py collect \
    && rm -rf node_modules

FROM python:3.11-slim
RUN useradd --system --create-home portal && install -d -o portal -g portal /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    STATIC_FROM_SOURCE=false \
    MEDIA_ROOT=/data/media
USER portal
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "bpm_portal.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", "--timeout-graceful-shutdown", "10"]
