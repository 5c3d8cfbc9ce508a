// The documentation page of the API.
SwaggerUIBundle({ url: "/openapi.json", dom_id: "#openapi", deepLinking: true });
