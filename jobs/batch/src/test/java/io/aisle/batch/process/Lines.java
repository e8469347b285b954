package io.aisle.batch.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The lines of a stream, gathered by a thread of their own as they come. */
final class Lines {
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;
    private boolean isEnded;

    private Lines(InputStream stream, String name) {
        reader = new Thread(() -> read(stream), name);
        reader.setDaemon(true);
    }

    static Lines of(InputStream stream, String name) {
        Lines lines = new Lines(stream, name);
        lines.reader.start();
        return lines;
    }

    private void read(InputStream stream) {
        try (BufferedReader in = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                add(line);
            }
        } catch (IOException e) {
            // the process was destroyed while it wrote
        } finally {
            end();
        }
    }

    private synchronized void add(String line) {
        lines.add(line);
        notifyAll();
    }

    private synchronized void end() {
        isEnded = true;
        notifyAll();
    }

    /** The first line that is like that, come already or still to come; nothing where the stream ends or the time is up. */
    synchronized Optional<String> await(Predicate<String> condition, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (int next = 0; ; next++) {
            while (next == lines.size()) {
                long millis = (deadline - System.nanoTime()) / 1_000_000;
                if (isEnded || millis <= 0) {
                    return Optional.empty();
                }
                wait(millis);
            }
            if (condition.test(lines.get(next))) {
                return Optional.of(lines.get(next));
            }
        }
    }

    void awaitEnd() throws InterruptedException {
        reader.join(10_000);
    }

    synchronized String text() {
        return String.join("\n", lines);
    }
}
