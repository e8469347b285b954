package io.aisle.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Threads that call the same thing at once, each with a part of the work, as Spark's tasks do. */
final class Callers implements AutoCloseable {
    private final ExecutorService threads;
    private final int count;

    Callers(int count) {
        this.threads = Executors.newFixedThreadPool(count);
        this.count = count;
    }

    /** Answers in the order of the questions, of which the i-th goes to the caller i modulo their number. */
    <Q, A> List<A> ask(Function<List<Q>, List<A>> answer, List<Q> questions) {
        List<Future<List<A>>> running = new ArrayList<>();
        for (int caller = 0; caller < count; caller++) {
            List<Q> part = new ArrayList<>();
            for (int i = caller; i < questions.size(); i += count) {
                part.add(questions.get(i));
            }
            running.add(threads.submit(() -> answer.apply(part)));
        }
        List<List<A>> parts = running.stream().map(Callers::result).toList();
        List<A> answers = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            answers.add(parts.get(i % count).get(i / count));
        }
        return answers;
    }

    private static <A> A result(Future<A> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Cannot measure: a caller failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot measure: interrupted", e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
