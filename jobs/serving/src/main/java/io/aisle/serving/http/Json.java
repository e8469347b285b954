package io.aisle.serving.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** JSON as this service reads it, strictly, and writes it. */
public final class Json {
    private static final int MAX_DEPTH = 16;
    private static final int MAX_DIGITS = 100;
    /** A little above what one field may hold, so that it is the field that is complained of. */
    private static final int MAX_TEXT = 1_100_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(MAX_TEXT)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /**
     * Reads one value, and nothing after it.
     *
     * @throws JsonProcessingException where it is no JSON, names a field twice, is nested deeper than 16, or holds a text of more than
     *     1,100,000 characters
     */
    public static JsonNode read(byte[] json) throws JsonProcessingException {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            // bytes that are no UTF-8
            throw new NotUtf8(e);
        }
    }

    /** The same of a text. */
    public static JsonNode read(String json) throws JsonProcessingException {
        return MAPPER.readTree(json);
    }

    /** What is wrong with it, without what it holds. */
    public static String fault(JsonProcessingException e) {
        String place = e.getLocation() == null || e.getLocation().getLineNr() < 0
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        String message = String.valueOf(e.getOriginalMessage());
        if (message.startsWith("Duplicate field")) {
            return "a field that stands twice" + place;
        }
        if (message.contains("nesting depth")) {
            return "values nested deeper than " + MAX_DEPTH + place;
        }
        if (message.contains("String value length") || message.contains("String length")) {
            return "a text longer than " + MAX_TEXT + " characters" + place;
        }
        if (message.contains("Number length") || message.contains("Number value length")) {
            return "a number of more than " + MAX_DIGITS + " digits" + place;
        }
        if (message.startsWith("Trailing token")) {
            return "more than one value" + place;
        }
        return "what is no JSON" + place;
    }

    /** Writes a value. */
    public static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Bytes that are no text. */
    private static final class NotUtf8 extends JsonProcessingException {
        private static final long serialVersionUID = 1L;

        NotUtf8(IOException cause) {
            super("found bytes that are no UTF-8", cause);
        }
    }
}
