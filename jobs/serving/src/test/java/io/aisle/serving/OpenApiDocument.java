package io.aisle.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.aisle.serving.Wire.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.yaml.snakeyaml.Yaml;

/** The description of the API, against which answers are held. */
final class OpenApiDocument {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String SCHEMAS = "#/components/schemas/";

    private final JsonNode root;
    private final Map<String, Operation> operations = new LinkedHashMap<>();
    private final Map<String, JsonSchema> schemas = new LinkedHashMap<>();

    /** @param pointer to it in the document */
    record Operation(String id, String method, String path, String pointer) {}

    OpenApiDocument() throws IOException {
        try (InputStream yaml = Server.class.getResourceAsStream("openapi.yaml")) {
            root = MAPPER.valueToTree(new Yaml().load(yaml));
        }
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(method -> {
                    Operation operation = new Operation(
                            method.getValue().path("operationId").asText(),
                            method.getKey().toUpperCase(Locale.ROOT),
                            path.getKey(),
                            "/paths/" + path.getKey().replace("/", "~1") + "/" + method.getKey());
                    if (operations.put(operation.id(), operation) != null) {
                        throw new AssertionError("two operations are called " + operation.id());
                    }
                }));
    }

    JsonNode root() {
        return root;
    }

    Map<String, Operation> operations() {
        return operations;
    }

    /** Every operation with every status that it lists, as {@code classify 422}. */
    List<String> outcomes() {
        List<String> outcomes = new ArrayList<>();
        operations
                .values()
                .forEach(operation -> root.at(operation.pointer() + "/responses")
                        .fieldNames()
                        .forEachRemaining(status -> outcomes.add(operation.id() + " " + status)));
        return outcomes;
    }

    /** Says what is wrong with an answer; nothing where it is as described. */
    List<String> faults(Operation operation, Answer answer) throws IOException {
        String pointer = resolved(operation.pointer() + "/responses/" + answer.status());
        JsonNode response = root.at(pointer);
        if (response.isMissingNode()) {
            return List.of("status " + answer.status() + " is not listed");
        }
        List<String> faults = new ArrayList<>();
        response.path("headers").properties().forEach(header -> {
            String value = answer.headers().get(header.getKey().toLowerCase(Locale.ROOT));
            String schema = pointer + "/headers/" + header.getKey() + "/schema";
            boolean isNumber = root.at(schema).path("type").asText().equals("integer");
            faults.addAll(
                    value == null
                            ? List.of("header " + header.getKey() + " is absent")
                            : faults(
                                    schema,
                                    isNumber
                                            ? MAPPER.getNodeFactory().numberNode(Long.parseLong(value))
                                            : TextNode.valueOf(value)));
        });
        String type = String.valueOf(answer.headers().get("content-type")).split(";", 2)[0];
        String content = pointer + "/content/" + type.replace("/", "~1");
        if (root.at(content).isMissingNode()) {
            faults.add("content type " + type + " is not listed");
        } else if (type.equals("application/x-ndjson")) {
            for (String line : answer.body().lines().toList()) {
                faults.addAll(faults(content + "/schema", MAPPER.readTree(line)));
            }
        } else {
            faults.addAll(faults(
                    content + "/schema",
                    type.endsWith("json") ? MAPPER.readTree(answer.body()) : TextNode.valueOf(answer.body())));
        }
        return faults;
    }

    /** Says what is wrong with the JSON of a request. */
    List<String> requestFaults(Operation operation, byte[] body) throws IOException {
        return faults(operation.pointer() + "/requestBody/content/application~1json/schema", MAPPER.readTree(body));
    }

    private List<String> faults(String pointer, JsonNode value) {
        return schemas.computeIfAbsent(pointer, this::schema).validate(value).stream()
                .map(each -> pointer + ": " + each.getMessage())
                .toList();
    }

    /** A schema of the document, with all that it may refer to. */
    private JsonSchema schema(String pointer) {
        try {
            String moved = MAPPER.writeValueAsString(root.at(pointer)).replace(SCHEMAS, "#/$defs/");
            String others = MAPPER.writeValueAsString(root.at("/components/schemas")).replace(SCHEMAS, "#/$defs/");
            ObjectNode schema = (ObjectNode) MAPPER.readTree(moved);
            schema.set("$defs", MAPPER.readTree(others));
            return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(schema);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String resolved(String pointer) {
        String reference = root.at(pointer).path("$ref").asText();
        return reference.isEmpty() ? pointer : resolved(reference.substring(1));
    }
}
