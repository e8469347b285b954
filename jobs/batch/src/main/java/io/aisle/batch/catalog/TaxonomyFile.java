package io.aisle.batch.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.aisle.batch.catalog.RecordCutter.CutRecord;
import io.aisle.core.UserException;
import io.aisle.core.product.CategoryPath;
import io.aisle.core.product.Taxonomy;
import io.aisle.core.product.Taxonomy.Category;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * A taxonomy as a file, {@code .gz} or not; read on the driver.
 *
 * <ul>
 *   <li>JSON, an array or lines: {@code {"id": …, "path": […]}}, the path root first, of names or of objects with id and name, as in Best
 *       Buy's categories.json
 *   <li>CSV with the columns path ({@code A > B > C}) and, where categories have ids, id
 *   <li>CSV with the columns child and parent; a root's parent is empty
 * </ul>
 */
final class TaxonomyFile {
    private static final CatalogSettings.Limits LIMITS = new CatalogSettings.Limits(1_000_000, 1_000);

    private static final String SHAPE = "{\"id\", \"path\": [{\"id\", \"name\"}, …]}";

    private final String uri;

    private TaxonomyFile(String uri) {
        this.uri = uri;
    }

    static Taxonomy read(SparkSession spark, String uri) {
        Configuration configuration = spark.sessionState().newHadoopConf();
        TaxonomyFile file = new TaxonomyFile(uri);
        try (HeadStream stream = new HeadStream(FileSlice.whole(uri).stream(configuration))) {
            Reader reader = FileSlice.reader(stream);
            int first = stream.firstCharacter();
            return first == '[' || first == '{'
                    ? file.json(new ArrayCutter(reader, LIMITS))
                    : file.csv(new CsvCutter(uri, reader, LIMITS));
        } catch (FileNotFoundException e) {
            throw file.unusable("found no such file, expected JSON or CSV. Check --taxonomy", e);
        } catch (IOException e) {
            throw SliceRows.unreadable(uri, e);
        } catch (IllegalArgumentException e) {
            throw file.unusable(e.getMessage(), e);
        }
    }

    private UserException unusable(String problem, Exception cause) {
        return new UserException("Cannot read the taxonomy " + uri + ": " + problem + ".", cause);
    }

    private Taxonomy json(ArrayCutter cutter) throws IOException {
        List<Category> categories = new ArrayList<>();
        for (CutRecord record = cutter.next(); record != null; record = cutter.next()) {
            requireWhole(record);
            categories.add(category(record.fields()));
        }
        return ofPaths(categories);
    }

    private void requireWhole(CutRecord record) {
        if (record.reason() != null) {
            throw unusable(
                    record.detail() + ", in "
                            + record.raw()
                                    .substring(0, Math.min(100, record.raw().length())),
                    null);
        }
    }

    private Category category(JsonNode node) {
        JsonNode path = node.path("path");
        List<String> ids = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode element : path) {
            String id = scalar(element.path("id"));
            String name = element.isObject() ? scalar(element.path("name")) : scalar(element);
            if (name == null && id == null) {
                throw unusable("found a path with neither name nor id in " + node + ", expected " + SHAPE, null);
            }
            // what has no name is called by its id
            names.add(name == null ? id : name);
            ids.add(id);
        }
        if (names.isEmpty()) {
            throw unusable("found no path in " + node + ", expected " + SHAPE, null);
        }
        String id = scalar(node.path("id"));
        if (id != null) {
            ids.set(ids.size() - 1, id);
        }
        return new Category(ids, new CategoryPath(names));
    }

    /** A text or number, null where there is none. */
    private static String scalar(JsonNode node) {
        boolean isScalar = node.isTextual() || node.isIntegralNumber();
        return isScalar && !CategoryPath.isBlank(node.asText()) ? node.asText().strip() : null;
    }

    private Taxonomy csv(CsvCutter cutter) throws IOException {
        List<String> header = cutter.header();
        if (header.contains("path")) {
            return paths(cutter);
        }
        if (header.contains("child") && header.contains("parent")) {
            return parents(cutter);
        }
        throw unusable(
                "found the columns " + String.join(", ", header) + ", expected path, or child and parent; or JSON",
                null);
    }

    private Taxonomy paths(CsvCutter cutter) throws IOException {
        List<Category> categories = new ArrayList<>();
        for (CutRecord record = cutter.next(); record != null; record = cutter.next()) {
            requireWhole(record);
            CategoryPath path;
            try {
                path = CategoryPath.parse(record.fields().path("path").asText());
            } catch (IllegalArgumentException e) {
                throw unusable("found an empty name in the path of " + record.raw() + ", expected A > B > C", e);
            }
            List<String> ids = new ArrayList<>(Collections.nCopies(path.depth(), null));
            String id = record.fields().path("id").asText().strip();
            ids.set(ids.size() - 1, id.isEmpty() ? null : id);
            categories.add(new Category(ids, path));
        }
        return ofPaths(categories);
    }

    private Taxonomy ofPaths(List<Category> categories) {
        if (categories.isEmpty()) {
            throw unusable("found no category, expected at least one", null);
        }
        return Taxonomy.ofPaths(categories);
    }

    private Taxonomy parents(CsvCutter cutter) throws IOException {
        Map<String, Set<String>> parents = new TreeMap<>();
        for (CutRecord record = cutter.next(); record != null; record = cutter.next()) {
            requireWhole(record);
            String child = folded(record.fields().path("child").asText());
            if (child.isEmpty()) {
                throw unusable("found a row without a child, " + record.raw() + ", expected child,parent", null);
            }
            parents.computeIfAbsent(child, none -> new TreeSet<>())
                    .add(folded(record.fields().path("parent").asText()));
        }
        if (parents.isEmpty()) {
            throw unusable("found no category, expected at least one", null);
        }
        return Taxonomy.ofParents(parents);
    }

    private static String folded(String name) {
        return CategoryPath.isBlank(name) ? "" : CategoryPath.of(name).leaf();
    }
}
