"""The API's own documentation page, drawn with Swagger UI from our own server."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/api/docs")
async def documentation(request: Request) -> HTMLResponse:
    """The page; it reads /openapi.json."""
    return page(request, "pages/openapi.html")
