package io.aisle.serving;

import io.aisle.core.model.Prediction;
import io.aisle.core.product.Product;
import io.aisle.core.text.TextRecipe;
import io.aisle.serving.file.AnswerWriter;
import io.aisle.serving.file.FileFormat;
import io.aisle.serving.file.FileRecord;
import io.aisle.serving.file.ProductFile;
import io.aisle.serving.http.BodyLimit;
import io.aisle.serving.http.Exchange;
import io.aisle.serving.http.Problem;
import io.aisle.serving.http.Requests;
import io.aisle.serving.model.Scorer;
import io.aisle.serving.model.ServedModel;
import io.javalin.http.Context;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /v1/classify/file}. The file is taken whole before the first row is answered, since many clients read no answer before they
 * have sent everything; it lies on this machine's disk as long as it is worked on.
 */
final class FileEndpoint {
    private static final int TOP = 1;

    private final Scorer scorer;
    private final BodyLimit bodies;
    private final int chunk;
    private final Semaphore room;

    /** @param chunk records that are scored together, so that a file takes no more of the queue than that */
    FileEndpoint(Scorer scorer, ServeSettings.Limits limits, int chunk) {
        this.scorer = scorer;
        this.bodies = new BodyLimit(limits.fileBytes(), limits.bytesPerSecond());
        this.chunk = chunk;
        this.room = new Semaphore(limits.files());
    }

    void classify(Context exchange) throws IOException {
        FileFormat format = FileFormat.of(Requests.mediaType(exchange))
                .orElseThrow(
                        () -> Requests.wrongType(Requests.mediaType(exchange), "text/csv or application/x-ndjson"));
        OptionalDouble threshold = threshold(exchange);
        if (!room.tryAcquire()) {
            throw Problem.overloaded(
                    "Cannot take a file now: found others under way, expected room for one. Send it again soon.");
        }
        try {
            classify(exchange, format, threshold);
        } finally {
            room.release();
        }
    }

    private void classify(Context exchange, FileFormat format, OptionalDouble threshold) throws IOException {
        Path file = Files.createTempFile("aisle-file-", ".tmp");
        try {
            try (OutputStream spooled = new BufferedOutputStream(Files.newOutputStream(file))) {
                bodies.copy(exchange, spooled);
            }
            String columns = exchange.queryParam("columns");
            answer(exchange, ProductFile.open(file, format, columns == null ? "" : columns), threshold);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static OptionalDouble threshold(Context exchange) {
        String given = exchange.queryParam("threshold");
        if (given == null) {
            return OptionalDouble.empty();
        }
        try {
            double threshold = new BigDecimal(given).doubleValue();
            if (threshold >= 0 && threshold <= 1) {
                return OptionalDouble.of(threshold);
            }
        } catch (NumberFormatException e) {
            throw Problem.invalid("threshold", "found what is no number, expected one from 0 to 1");
        }
        throw Problem.invalid("threshold", "found a number out of bounds, expected one from 0 to 1");
    }

    private void answer(Context exchange, ProductFile file, OptionalDouble threshold) throws IOException {
        Exchange.isAbout(exchange, Math.toIntExact(file.records()));
        FileAnswer rows = new FileAnswer(exchange, file);
        List<FileRecord> records = new ArrayList<>();
        file.forEach(record -> {
            records.add(record);
            if (records.size() == chunk) {
                answer(records, threshold, rows);
                records.clear();
            }
        });
        answer(records, threshold, rows);
        // only when it is whole: one that breaks off must not look as if it ended
        rows.begun().close();
    }

    private void answer(List<FileRecord> records, OptionalDouble threshold, FileAnswer rows) throws IOException {
        ServedModel model = scorer.lease();
        try {
            TextRecipe recipe = model.bundle().recipe();
            List<FileRecord> checked = records.stream()
                    .map(record -> record.product()
                            .map(recipe::clean)
                            .map(product -> recipe.hasText(product)
                                    ? new FileRecord(record.id(), Optional.of(product), "")
                                    : new FileRecord(record.id(), Optional.empty(), "no_text"))
                            .orElse(record))
                    .toList();
            List<Product> products = checked.stream()
                    .flatMap(record -> record.product().stream())
                    .toList();
            List<float[]> probabilities = scored(model, products);
            AnswerWriter answers = rows.begun();
            int next = 0;
            for (FileRecord record : checked) {
                Optional<Prediction> prediction = Optional.empty();
                if (record.product().isPresent()) {
                    prediction = Optional.of(model.prediction(probabilities.get(next), threshold, TOP, false));
                    next++;
                }
                answers.write(record, prediction, model.version());
            }
        } finally {
            model.giveBack();
        }
    }

    /** Begins with its first rows: what fails before them is answered as any request. */
    private static final class FileAnswer {
        private final Context exchange;
        private final ProductFile file;
        private Optional<AnswerWriter> writer = Optional.empty();

        FileAnswer(Context exchange, ProductFile file) {
            this.exchange = exchange;
            this.file = file;
        }

        AnswerWriter begun() {
            if (writer.isEmpty()) {
                String name = file.format().answerName(Optional.ofNullable(exchange.queryParam("name")));
                exchange.contentType(file.format().mediaType())
                        .header("Content-Disposition", "attachment; filename=\"" + name + "\"")
                        .header("Aisle-Records", Long.toString(file.records()));
                Exchange.hasBegun(exchange);
                writer = Optional.of(AnswerWriter.of(file.format(), exchange.outputStream()));
            }
            return writer.get();
        }
    }

    /** Waits for its turn where requests have filled the queue. */
    private List<float[]> scored(ServedModel model, List<Product> products) {
        while (true) {
            try {
                return scorer.score(model, products).join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof Problem problem ? problem : e;
            } catch (Problem full) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("stopped"));
        }
    }
}
