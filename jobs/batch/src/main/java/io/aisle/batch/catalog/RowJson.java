package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.spark.sql.Row;
import scala.collection.JavaConverters;

/** A row of any schema as the JSON object that says the same. */
final class RowJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final double MAX_EXACT = 1L << 53;

    private RowJson() {}

    /** The first values of a row, under the names of its schema. */
    static ObjectNode object(Row row, int values) {
        ObjectNode object = JSON.objectNode();
        for (int i = 0; i < values; i++) {
            object.set(row.schema().fields()[i].name(), value(row.get(i)));
        }
        return object;
    }

    private static JsonNode value(Object value) {
        if (value == null) {
            return JSON.nullNode();
        } else if (value instanceof String text) {
            return JSON.textNode(text);
        } else if (value instanceof Boolean flag) {
            return JSON.booleanNode(flag);
        } else if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        } else if (value instanceof BigDecimal decimal) {
            return decimal.stripTrailingZeros().scale() <= 0
                    ? JSON.numberNode(decimal.toBigIntegerExact())
                    : JSON.numberNode(decimal);
        } else if (value instanceof Number number) {
            return JSON.numberNode(number.longValue());
        } else if (value instanceof byte[] bytes) {
            // text of writers that do not say so
            return JSON.textNode(new String(bytes, StandardCharsets.UTF_8));
        } else if (value instanceof Row struct) {
            return object(struct, struct.size());
        } else if (value instanceof scala.collection.Seq<?> list) {
            ArrayNode array = JSON.arrayNode();
            JavaConverters.seqAsJavaList(list).forEach(element -> array.add(value(element)));
            return array;
        } else if (value instanceof scala.collection.Map<?, ?> map) {
            ObjectNode object = JSON.objectNode();
            JavaConverters.mapAsJavaMap(map).forEach((key, element) -> object.set(String.valueOf(key), value(element)));
            return object;
        } else if (value instanceof Timestamp time) {
            return JSON.numberNode(ChronoUnit.MICROS.between(Instant.EPOCH, time.toInstant()));
        }
        // dates as ISO 8601 writes them
        return JSON.textNode(value.toString());
    }

    /** A whole number in a column that had to hold fractions, or missing values, is a whole number. */
    private static JsonNode number(double number) {
        return number == Math.rint(number) && Math.abs(number) < MAX_EXACT
                ? JSON.numberNode((long) number)
                : JSON.numberNode(number);
    }
}
