# The server only, without training and Node.js. Packages are checked by hash, as in `make setup`.
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
COPY locks/serve.txt locks/node.txt locks/
RUN python -m venv .venv/serve \
    && .venv/serve/bin/pip install --no-cache-dir --require-hashes --no-deps -r locks/serve.txt
COPY weights/sources.json weights/
COPY scripts scripts
RUN .venv/serve/bin/python scripts/fetch_weights.py
COPY inference inference
RUN .venv/serve/bin/python scripts/sample_photos.py
COPY web web
WORKDIR /app/web
# The server needs neither PyAV, whose encoder x264 is under the GPL, nor ONNX, which converted the
# weights above.
RUN ../scripts/node.sh npm ci --omit=dev && ../scripts/node.sh npm run build \
    && ../.venv/serve/bin/pip uninstall --yes av onnx setuptools pip

FROM python:3.11-slim-bookworm
WORKDIR /app
RUN useradd --uid 10001 --no-create-home server
COPY --from=build /app/.venv/serve .venv/serve
COPY --from=build /app/weights weights
COPY models/contract.json models/mask_float32.tflite models/
COPY inference inference
COPY serving serving
COPY web/templates web/templates
COPY --from=build /app/web/static web/static
COPY server.py .
USER 10001
ENV PATH=/app/.venv/serve/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 MASK_HOST=0.0.0.0
EXPOSE 5000
HEALTHCHECK --interval=30s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('MASK_PORT', 5000)}/healthz\", timeout=2)"]
CMD ["python", "server.py"]
