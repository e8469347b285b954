package io.aisle.core.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aisle.core.UserException;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.text.TextRecipe;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A manifest's JSON: indented, keys in a fixed order, nothing unknown and nothing missing. */
final class ManifestJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .addModule(new SimpleModule()
                    .addSerializer(CategoryPath.class, new PathSerializer())
                    .addDeserializer(CategoryPath.class, new PathDeserializer())
                    .addSerializer(Scaling.class, new ScalingSerializer())
                    .addDeserializer(Scaling.class, new ScalingDeserializer()))
            .build();

    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");
    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter().withObjectIndenter(INDENTER));

    private ManifestJson() {}

    /** The same bytes for the same manifest, UTF-8. */
    static byte[] write(ModelManifest manifest) {
        try {
            return WRITER.writeValueAsBytes(manifest);
        } catch (JacksonException e) {
            throw new IllegalStateException("Cannot write a manifest", e);
        }
    }

    /** The model itself, and the models that it is made of. */
    private static Stream<JsonNode> models(JsonNode model) {
        Stream<JsonNode> parts = Stream.concat(
                Stream.of(model.path("first"), model.path("second")).filter(JsonNode::isObject),
                StreamSupport.stream(model.path("members").spliterator(), false));
        return Stream.concat(Stream.of(model), parts.flatMap(ManifestJson::models));
    }

    /** Adds what a part of a model leaves out where it is nothing, or did before it was written. */
    private static void complete(ObjectNode model) {
        switch (model.path("kind").asText()) {
            case LinearDefinition.KIND -> model.putIfAbsent("scaling", FloatNode.valueOf(1));
            case NetworkDefinition.KIND -> model.putIfAbsent("precision", MAPPER.valueToTree(Precision.FLOAT32));
            default -> {}
        }
    }

    /**
     * Reads a manifest of this format, recipe and a known kind; another one may have other keys, so that these are looked at first.
     *
     * @param attempt what is being done, for the message
     */
    static ModelManifest read(byte[] json, String attempt) {
        try {
            JsonNode tree = MAPPER.readTree(json);
            JsonNode model = tree.path("model");
            check(attempt, "format version", tree.path("formatVersion"), ModelManifest.FORMAT_VERSION);
            check(attempt, "recipe version", model.path("recipe").path("version"), TextRecipe.CURRENT_VERSION);
            checkKind(attempt, model.path("kind"));
            models(model).forEach(part -> complete((ObjectNode) part));
            // bundles of before it was written
            ((ObjectNode) tree).putIfAbsent("training", MAPPER.valueToTree(TrainingSummary.NONE));
            return MAPPER.treeToValue(tree, ModelManifest.class);
        } catch (IOException e) {
            throw new UserException(
                    "Cannot " + attempt + ": found a " + ModelManifest.FILE_NAME + " that does not parse, expected the"
                            + " one that was written with the bundle. Copy the bundle again. The parser says: "
                            + e.getMessage(),
                    e);
        }
    }

    private static void check(String attempt, String what, JsonNode found, Object expected) {
        if (!found.asText().equals(expected.toString())) {
            throw new UserException("Cannot " + attempt + ": found " + what + " "
                    + (found.isMissingNode() ? "missing" : found.asText()) + ", expected " + expected
                    + ". Train again with this version of Aisle.");
        }
    }

    private static void checkKind(String attempt, JsonNode found) {
        List<String> kinds = Stream.of(
                        ModelDefinition.class.getAnnotation(JsonSubTypes.class).value())
                .map(JsonSubTypes.Type::name)
                .toList();
        if (!kinds.contains(found.asText())) {
            throw new UserException("Cannot " + attempt + ": found kind "
                    + (found.isMissingNode() ? "missing" : found.asText()) + ", expected one of "
                    + String.join(", ", kinds) + ". Train again with this version of Aisle.");
        }
    }

    /** The numbers as they were before {@link NanAsNull} wrote them. */
    static SortedMap<String, Double> nullAsNan(Map<String, Double> numbers) {
        SortedMap<String, Double> read = new TreeMap<>();
        numbers.forEach((name, value) -> read.put(name, value == null ? Double.NaN : value));
        return Collections.unmodifiableSortedMap(read);
    }

    /** JSON knows no NaN. */
    static final class NanAsNull extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator generator, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                generator.writeNumber(value);
            } else {
                generator.writeNull();
            }
        }
    }

    /** One temperature is a number; scales and offsets by label lie beside it in an object. */
    private static final class ScalingSerializer extends JsonSerializer<Scaling> {
        @Override
        public void serialize(Scaling scaling, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            if (scaling.isByLabel()) {
                generator.writePOJO(ByLabel.of(scaling));
            } else {
                generator.writeNumber(scaling.temperature());
            }
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Scaling scaling) {
            return scaling.equals(Scaling.NONE);
        }
    }

    private static final class ScalingDeserializer extends JsonDeserializer<Scaling> {
        @Override
        public Scaling deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() == JsonToken.START_OBJECT) {
                ByLabel object = context.readValue(parser, ByLabel.class);
                return new Scaling(object.temperature(), object.scales(), object.offsets());
            }
            return Scaling.temperature(context.readValue(parser, float.class));
        }
    }

    record ByLabel(float temperature, List<Float> scales, List<Float> offsets) {
        static ByLabel of(Scaling scaling) {
            return new ByLabel(scaling.temperature(), scaling.scales(), scaling.offsets());
        }
    }

    /** A path is the list of its names, so that no reader needs the escapes of its rendered form. */
    private static final class PathSerializer extends JsonSerializer<CategoryPath> {
        @Override
        public void serialize(CategoryPath path, JsonGenerator generator, SerializerProvider provider)
                throws IOException {
            generator.writePOJO(path.names());
        }
    }

    private static final class PathDeserializer extends JsonDeserializer<CategoryPath> {
        @Override
        public CategoryPath deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return new CategoryPath(Arrays.asList(context.readValue(parser, String[].class)));
        }
    }
}
