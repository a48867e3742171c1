FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app

COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
RUN pybabel compile --directory locale --domain django
RUN useradd --system --uid 10001 --no-create-home candor \
    && mkdir -p var && chown candor var \
    && SECRET_KEY=used-for-this-line-only python manage.py collectstatic --no-input

USER candor
EXPOSE 8000
# Asked by the name that people use: any other is refused.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}))"]
# WEB_CONCURRENCY sets the number of workers. --preload: settings that are wrong end it, not worker after worker.
CMD ["gunicorn", "--preload", "--no-control-socket", "--forwarded-allow-ips", "", "--bind", "0.0.0.0:8000", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "config.wsgi"]
