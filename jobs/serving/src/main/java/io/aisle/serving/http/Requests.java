package io.aisle.serving.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.core.product.Product;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;

/** Reads bodies, within bounds, and what many of them hold. */
public final class Requests {
    /** The fields that a product may have. */
    public static final Set<String> PRODUCT_FIELDS = Set.of("id", "title", "brand", "description", "feature");

    /** Characters of an id, and of any other field. */
    public static final int MAX_ID = 1_000;

    public static final int MAX_FIELD = 1_000_000;

    private Requests() {}

    /**
     * The JSON of a body.
     *
     * @throws Problem 415 if it is announced as something else, 400 if it is no JSON, and what {@link BodyLimit#copy} throws
     */
    public static JsonNode json(Context request, BodyLimit limit) {
        String type = mediaType(request);
        if (!type.equals("application/json")) {
            throw wrongType(type, "application/json");
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        limit.copy(request, body);
        try {
            return Json.read(body.toByteArray());
        } catch (JsonProcessingException e) {
            throw Problem.of(
                    HttpStatus.BAD_REQUEST_400,
                    "Cannot read the body: found " + Json.fault(e) + ", expected one JSON object in UTF-8.");
        }
    }

    /** The media type that the body is announced as, without its parameters; empty where there is none. */
    public static String mediaType(Context request) {
        String encoding = request.header("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw wrongType("the encoding " + printable(encoding), "none");
        }
        String type = request.header("Content-Type");
        return type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** A body that this endpoint does not read. */
    public static Problem wrongType(String found, String expected) {
        return Problem.of(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE_415,
                "Cannot read the body: found " + (found.isEmpty() ? "no Content-Type" : printable(found))
                        + ", expected " + expected + ".");
    }

    private static String printable(String text) {
        return text.substring(0, Math.min(text.length(), 100)).replaceAll("[^\\x20-\\x7e]", "?");
    }

    /**
     * A product as a body gives it, not cleaned.
     *
     * @param absentId what it is called where it has no id
     */
    public static Product product(JsonFields fields, String absentId) {
        Optional<String> id = fields.text("id", MAX_ID);
        if (id.isPresent() && id.get().isBlank()) {
            fields.error("/id", "found an empty text, expected an id, or none");
        }
        return new Product(
                id.filter(given -> !given.isBlank()).orElse(absentId),
                fields.text("title", MAX_FIELD).orElse(""),
                fields.text("brand", MAX_FIELD).orElse(""),
                fields.texts("description", MAX_FIELD),
                fields.texts("feature", MAX_FIELD));
    }
}
