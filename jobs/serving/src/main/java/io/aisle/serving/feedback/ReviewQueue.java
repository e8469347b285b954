package io.aisle.serving.feedback;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.aisle.core.UserException;
import io.aisle.core.storage.Current;
import io.aisle.core.storage.StoredDirectory;
import io.aisle.core.storage.TemporaryDirectory;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.zip.GZIPInputStream;

/**
 * The rows that the published run of a catalog set aside for a person. They are copied to a file of this machine, of which only the places
 * of the rows are held in memory, with their ids.
 */
public final class ReviewQueue implements AutoCloseable {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StoredDirectory output;
    private final Consumer<String> news;
    private Run run;

    /**
     * A page of rows.
     *
     * @param runId the run that they are of
     * @param rows as the run wrote them
     * @param next where the next page begins; empty at the end
     * @param total rows for review of the run
     * @param done those of them that are left out, before and after this page
     */
    public record Page(String runId, List<JsonNode> rows, Optional<Integer> next, int total, int done) {}

    /** A run's rows: where each begins in the file, and at last its end. */
    private record Run(String id, Path file, FileChannel channel, long[] places, String[] ids) {}

    private ReviewQueue(StoredDirectory output, Consumer<String> news) {
        this.output = output;
        this.news = news;
    }

    /**
     * Reads the published run, if there is one yet.
     *
     * @param output of classify
     * @param news told of each run that is shown, and of what went wrong
     */
    public static ReviewQueue open(StoredDirectory output, Consumer<String> news) {
        ReviewQueue queue = new ReviewQueue(output, news);
        queue.follow();
        return queue;
    }

    /** Looks whether another run is published, and shows that. Says what went wrong instead of throwing it. */
    public void follow() {
        try {
            Optional<String> published = Current.read(output.store()).map(Current::run_id);
            if (published.isPresent() && !published.get().equals(runId())) {
                show(read(published.get()));
            }
        } catch (IOException | UserException e) {
            news.accept("could not read the review of " + output.uri() + ": " + e.getMessage());
        }
    }

    private synchronized String runId() {
        return run == null ? "" : run.id();
    }

    private synchronized void show(Run next) throws IOException {
        Run before = run;
        run = next;
        news.accept("showing " + next.ids().length + " rows for review of run " + next.id());
        if (before != null) {
            remove(before);
        }
    }

    private static void remove(Run run) throws IOException {
        run.channel().close();
        Files.deleteIfExists(run.file());
    }

    private Run read(String id) throws IOException {
        try (TemporaryDirectory copies = TemporaryDirectory.create("aisle-review-")) {
            List<String> keys = output.copyTo("runs/" + id + "/review/", copies.path());
            Path file = Files.createTempFile("aisle-review-", ".jsonl");
            List<String> ids = new ArrayList<>();
            List<Long> places = new ArrayList<>();
            long place = 0;
            try (OutputStream all = new BufferedOutputStream(Files.newOutputStream(file))) {
                for (String key : keys) {
                    if (key.endsWith(".json.gz")) {
                        try (InputStream rows = new GZIPInputStream(new BufferedInputStream(
                                Files.newInputStream(copies.path().resolve(key))))) {
                            place = append(rows, all, place, places, ids);
                        }
                    }
                }
            } catch (IOException | RuntimeException e) {
                Files.delete(file);
                throw e;
            }
            places.add(place);
            return new Run(
                    id,
                    file,
                    FileChannel.open(file, StandardOpenOption.READ),
                    places.stream().mapToLong(Long::longValue).toArray(),
                    ids.toArray(String[]::new));
        }
    }

    private static long append(InputStream rows, OutputStream all, long start, List<Long> places, List<String> ids)
            throws IOException {
        long place = start;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(rows, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
                places.add(place);
                ids.add(MAPPER.readTree(line).path("id").asText());
                all.write(bytes);
                place += bytes.length;
            }
        }
        return place;
    }

    /**
     * A page of the rows.
     *
     * @param ofRun the run that the place is of; that of another run is its beginning
     * @param after where to begin
     * @param isDone whether a product is left out, by its id
     * @return nothing where no run is published yet
     */
    public synchronized Optional<Page> page(Optional<String> ofRun, int after, int limit, Predicate<String> isDone)
            throws IOException {
        if (run == null) {
            return Optional.empty();
        }
        int place = ofRun.isEmpty() || ofRun.get().equals(run.id()) ? after : 0;
        List<JsonNode> rows = new ArrayList<>();
        while (place < run.ids().length && rows.size() < limit) {
            if (!isDone.test(run.ids()[place])) {
                rows.add(row(place));
            }
            place++;
        }
        int done = (int) Arrays.stream(run.ids()).filter(isDone).count();
        Optional<Integer> next = place < run.ids().length ? Optional.of(place) : Optional.empty();
        return Optional.of(new Page(run.id(), rows, next, run.ids().length, done));
    }

    private JsonNode row(int place) throws IOException {
        long start = run.places()[place];
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(run.places()[place + 1] - start));
        while (bytes.hasRemaining()) {
            if (run.channel().read(bytes, start + bytes.position()) < 0) {
                throw new IOException("found the copied review cut");
            }
        }
        return MAPPER.readTree(bytes.array());
    }

    @Override
    public synchronized void close() {
        if (run != null) {
            try {
                remove(run);
            } catch (IOException e) {
                news.accept("could not remove " + run.file() + ": " + e.getMessage());
            }
        }
    }
}
