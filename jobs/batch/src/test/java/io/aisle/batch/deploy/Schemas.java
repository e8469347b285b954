package io.aisle.batch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;

/** The JSON Schemas of the clouds' requests, written from their public documentation. */
final class Schemas {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Schemas() {}

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }

    /** A file of the repository. */
    static JsonNode read(String file) {
        try {
            return MAPPER.readTree(Path.of(Script.REPOSITORY.toString(), file).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    static void assertValid(String schema, JsonNode json) {
        assertThat(violations(schema, json)).as("%s against %s", json, schema).isEmpty();
    }

    static Set<ValidationMessage> violations(String schema, JsonNode json) {
        try (InputStream in = Schemas.class.getResourceAsStream(schema + ".schema.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                    .getSchema(in)
                    .validate(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
